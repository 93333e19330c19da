import { createHmac, timingSafeEqual } from "node:crypto";
import type { UserScope } from "@tenon/connections";

/** How long a sign-in may take from its first page to the provider's answer. */
export const bindingLifetimeMs = 10 * 60_000;

const cookiePrefix = "tenon_sign_in_";

/** A cookie that proves: this browser opened the sign-in page with a valid token of this user. */
export interface BrowserBinding {
  /** The cookie of a user, to be set on the sign-in page. */
  create(scope: UserScope): { name: string; value: string };
  /** Whom the cookies prove; forged and expired ones prove nobody. */
  read(cookies: Readonly<Record<string, string | undefined>>): UserScope[];
}

/**
 * Creates the binding of sign-ins to browsers.
 *
 * - The value is `<expiry>.<project>.<user>.<HMAC-SHA256>`: nothing is stored for it.
 * - Each user has a cookie of their own, so that two sign-ins in one browser do not disturb each
 *   other.
 *
 * @param secret 32 bytes that all processes share.
 */
export function createBrowserBinding(secret: Buffer, now: () => number = Date.now): BrowserBinding {
  const sign = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");

  function readOne(value: string): UserScope | undefined {
    const [expiry, projectId, userId, signature, ...rest] = value.split(".");
    if (!expiry || !projectId || !userId || !signature || rest.length > 0) return undefined;
    const expected = Buffer.from(sign(`${expiry}.${projectId}.${userId}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return Number(expiry) > now() ? { projectId, userId } : undefined;
  }

  return {
    create({ projectId, userId }) {
      const text = `${now() + bindingLifetimeMs}.${projectId}.${userId}`;
      return { name: cookiePrefix + userId, value: `${text}.${sign(text)}` };
    },
    read: (cookies) =>
      Object.entries(cookies).flatMap(([name, value]) => {
        const scope = name.startsWith(cookiePrefix) && value ? readOne(value) : undefined;
        return scope ? [scope] : [];
      }),
  };
}

/**
 * The `Domain` of a cookie set on one of our host names and read on another: with services under
 * `zeus.H` and `passport.H` the sign-in page and the provider's callback are on different hosts.
 * Undefined: both are one host, or they share no domain.
 */
export function sharedCookieDomain(requestHost: string, publicHost: string): string | undefined {
  if (requestHost === publicHost) return undefined;
  const parents = [publicHost, publicHost.slice(publicHost.indexOf(".") + 1)];
  return parents.find((parent) => parent.includes(".") && requestHost.endsWith(`.${parent}`));
}
