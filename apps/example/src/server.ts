import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { importPKCS8, SignJWT } from "jose";

interface ExampleOptions {
  /** The Project ID, from the integration's Overview tab. */
  projectId: string;
  /** The project's private signing key, PKCS #8 in PEM. It never leaves the backend. */
  signingKey: string;
  tenonUrl: string;
}

/** The backend of a product that embeds Tenon: it serves its page and signs user tokens. */
export function createExample(options: ExampleOptions) {
  return createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end("Something went wrong.");
    });
  });
}

async function answer(
  { projectId, signingKey, tenonUrl }: ExampleOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://example").pathname;
  if (path !== "/session") return sendFile(path === "/" ? "/index.html" : path, response);
  // A real product puts the id of the user who is signed in here.
  const userToken = await signUserToken(signingKey, "example-user");
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  response.end(JSON.stringify({ projectId, userToken, tenonUrl }));
}

/** A user token: RS256, with who the user is and how long the token is good. */
async function signUserToken(signingKey: string, userId: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256" })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(await importPKCS8(signingKey, "RS256"));
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
};

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const type = types[extname(path)];
  const content =
    /^[\w/.-]+$/.test(path) && !path.includes("..") && type
      ? await readFile(join(import.meta.dirname, "../dist", path)).catch(() => undefined)
      : undefined;
  response.writeHead(content ? 200 : 404, { "content-type": type ?? "text/plain" });
  response.end(content ?? "Not found");
}
