import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { htmlReply, type Reply } from "./reply.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const assets = fileURLToPath(new URL("../assets/", import.meta.url));
/** Colours and shapes that pages made here have in common with the workspace page. */
const tokens = fileURLToPath(new URL("../../web/styles/tokens.css", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

const pageCsp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** The workspace page: Vite's output, with one page for every address a person may open. */
export function serveFile(message: IncomingMessage, path: string): Reply {
  if (message.method !== "GET" && message.method !== "HEAD") return notFound();
  if (path === "/" || path === "/index.html" || path.startsWith("/p/")) return workspacePage();
  const file = inside(dist, path);
  if (file === undefined || !existsSync(file) || extname(file) === "") return notFound();
  const isHashed = path.startsWith("/assets/");
  const cache = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
  return fileReply(file, cache);
}

function workspacePage(): Reply {
  const index = join(dist, "index.html");
  const reply = existsSync(index) ? fileReply(index, "no-cache") : htmlReply(200, unbuilt);
  return { ...reply, headers: { ...reply.headers, "content-security-policy": pageCsp } };
}

/** Files of pages that are made here, such as the consent page's style. */
export function serveAsset(path: string): Reply {
  const name = path.slice("/_local/assets".length);
  const file = name === "/tokens.css" ? tokens : inside(assets, name);
  if (file === undefined || !existsSync(file) || extname(file) === "") return notFound();
  return fileReply(file, "no-cache");
}

function fileReply(file: string, cache: string): Reply {
  const type = types[extname(file)] ?? "application/octet-stream";
  return {
    status: 200,
    headers: { "content-type": type, "cache-control": cache },
    body: readFileSync(file),
  };
}

/** The file of a path, unless the path leads out of the folder. */
function inside(folder: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, decoded));
  return file.startsWith(folder) && !decoded.includes("\0") ? file : undefined;
}

function notFound(): Reply {
  return {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "Not found\n",
  };
}

const unbuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Notion</title><link rel="stylesheet" href="/_local/assets/tokens.css">
<link rel="stylesheet" href="/_local/assets/consent.css"></head>
<body><main class="card"><h1>Local Notion is running</h1>
<p>The API is at <code>/v1</code>. The workspace page is not built yet; build it with
<code>npx vite build</code> in <code>packages/local-notion</code> and reload.</p></main></body>
</html>
`;
