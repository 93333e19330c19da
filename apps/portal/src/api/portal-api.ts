import { isRecord, type JsonRecord, readRecord, readText } from "../read-json.ts";
import type { SdkUser } from "../sdk/host-state.ts";

/** What the server says about the page around the portal, and what to show in it. */
export interface Site {
  /** Whether the project lets this origin show the portal. */
  isAllowed: boolean;
  projectTitle: string;
  integrations: ReadonlyMap<string, IntegrationTexts>;
}

export interface IntegrationTexts {
  title: string;
  description: string;
  /** Markdown by the customer. */
  overview: string;
  accentColor: string | undefined;
}

/** How the user's newest sign-in stands. */
interface Authorization {
  id: string;
  status: AuthorizationStatus;
  failureMessage: string | undefined;
}

const statuses = ["pending", "exchanging", "connected", "denied", "failed"] as const;
export type AuthorizationStatus = (typeof statuses)[number];

/** The portal's own questions to the server, on the origin it is served from. */
export interface PortalApi {
  readSite(user: SdkUser, origin: string): Promise<Site>;
  /** The newest sign-in begun since then, or undefined while there is none. */
  readLatestAuthorization(
    user: SdkUser,
    sought: { type: string; since: Date },
  ): Promise<Authorization | undefined>;
  /** The server's time: the user's own clock may be minutes off. */
  serverNow(): Date;
}

export function createPortalApi(): PortalApi {
  let clockOffsetMs = 0;

  async function get(user: SdkUser, path: string, query: Record<string, string>) {
    const url = `/projects/${encodeURIComponent(user.projectId)}/sdk/portal${path}?${new URLSearchParams(query)}`;
    const response = await fetch(url, {
      headers: { accept: "application/json", authorization: `Bearer ${user.token}` },
      cache: "no-store",
    });
    const serverMs = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(serverMs)) clockOffsetMs = serverMs - Date.now();
    const body = readRecord(await response.json().catch(() => undefined));
    if (!response.ok) {
      throw new Error(readText(body["message"]) ?? `The server answered ${response.status}.`);
    }
    return body;
  }

  return {
    readSite: async (user, origin) => parseSite(await get(user, "", { origin })),
    async readLatestAuthorization(user, { type, since }) {
      const query = { integration: type, since: since.toISOString() };
      return parseAuthorization(
        readRecord((await get(user, "/authorizations/latest", query))["authorization"]),
      );
    },
    serverNow: () => new Date(Date.now() + clockOffsetMs),
  };
}

function parseSite(body: JsonRecord): Site {
  const integrations = Object.entries(readRecord(body["integrations"])).filter(([, value]) =>
    isRecord(value),
  );
  return {
    isAllowed: body["allowed"] === true,
    projectTitle: readText(readRecord(body["project"])["title"]) ?? "",
    integrations: new Map(
      integrations.map(([type, value]) => [type, parseTexts(type, readRecord(value))]),
    ),
  };
}

function parseTexts(type: string, texts: JsonRecord): IntegrationTexts {
  return {
    title: readText(texts["title"]) ?? type,
    description: readText(texts["description"]) ?? "",
    overview: readText(texts["overview"]) ?? "",
    accentColor: readText(texts["accentColor"]),
  };
}

function parseAuthorization(authorization: JsonRecord): Authorization | undefined {
  const id = readText(authorization["id"]);
  const status = statuses.find((known) => known === authorization["status"]);
  if (id === undefined || status === undefined) return undefined;
  const failureMessage = readText(readRecord(authorization["failure"])["message"]);
  return { id, status, failureMessage };
}
