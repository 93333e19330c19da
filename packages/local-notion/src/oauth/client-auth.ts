import { createHash, timingSafeEqual } from "node:crypto";
import type { Instance } from "../instance.ts";
import type { App } from "../store/records.ts";
import { OAuthError } from "./oauth-error.ts";

/** The app that a request's Basic credentials prove. */
export function authenticateClient({ store }: Instance, header: string | undefined): App {
  const [, encoded] = /^Basic ([A-Za-z0-9+/_=-]+)$/i.exec(header ?? "") ?? [];
  const credentials = Buffer.from(encoded ?? "", "base64").toString("utf8");
  const colon = credentials.indexOf(":");
  const app = store.get("apps", credentials.slice(0, Math.max(0, colon)).toLowerCase());
  const secret = credentials.slice(colon + 1);
  if (app && app.clientSecret !== null && isSame(secret, app.clientSecret)) return app;
  throw new OAuthError("invalid_client", "Client authentication failed.");
}

/** Compares without telling by its time how much was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
