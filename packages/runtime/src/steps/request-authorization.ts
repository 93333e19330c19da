import { Authorization } from "@tenon/workflow";
import { StepFailure } from "../step-failure.ts";
import { type Headers, toHeaders } from "./request-headers.ts";
import type { TokenSource } from "./request-token.ts";
import { toQuery } from "./request-values.ts";

/** What a request proves itself with. */
export interface Proof {
  query: [name: string, value: string][];
  /** For the URL's own origin only. */
  credentials: Headers;
  /** What must not be stored where a receiver sends it back: the token, or the name and password. */
  secret?: string;
  /** Another proof, where the receiver refused this one with 401 and there may be one. */
  renew?: () => Promise<Proof>;
}

/** Reads a step's resolved authorization. Throws StepFailure where a part of it is missing. */
export async function prove(
  input: Record<string, unknown>,
  { tokens, projectId }: { tokens: TokenSource; projectId: string },
): Promise<Proof> {
  const authorization = readAuthorization(input["authorization"]);
  switch (authorization.type) {
    case "none":
      return { query: [], credentials: {} };
    case "bearer":
      return bearer(required(authorization.token, "token"));
    case "basic":
      return basic(authorization);
    case "query":
      return { query: toQuery(authorization.params), credentials: {} };
    case "header":
      return { query: [], credentials: toHeaders(authorization.headers) };
    case "oauthClientCredentials": {
      required(authorization.clientId, "client id");
      const token = await tokens.get(projectId, authorization);
      const renew = async () => bearer(await tokens.renew(projectId, authorization, token));
      return { ...bearer(token), renew };
    }
    default:
      return authorization satisfies never;
  }
}

/** Says which part is wrong, never what it is: it may be half of a secret. */
function readAuthorization(value: unknown): Authorization {
  const parsed = Authorization.safeParse(withTexts(value));
  if (parsed.success) return parsed.data;
  const parts = parsed.error.issues.map(({ path }) => path.map(String).join("."));
  throw new StepFailure(
    "invalid_input",
    `The step's authorization is incomplete: ${parts.join(", ")} must be a text.`,
  );
}

/** A reference alone keeps its type, so that a token of digits may be a number. */
function withTexts(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      typeof part === "number" ? String(part) : part,
    ]),
  );
}

function bearer(token: string): Proof {
  return {
    query: [],
    secret: token,
    credentials: toHeaders([{ name: "authorization", value: `Bearer ${token}` }]),
  };
}

function basic({ username, password }: { username: string; password: string }): Proof {
  // RFC 7617 §2: it would be read as the end of the user name.
  if (username.includes(":")) {
    throw new StepFailure("invalid_input", "The user name of basic authorization has a colon.");
  }
  const pair = Buffer.from(`${username}:${password}`).toString("base64");
  return { query: [], credentials: { authorization: `Basic ${pair}` }, secret: pair };
}

function required(value: string, name: string): string {
  if (value.trim() !== "") return value.trim();
  throw new StepFailure("invalid_input", `The ${name} of the step's authorization is empty.`);
}
