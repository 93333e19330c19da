// Takes the place of your app in docs/workflows.md: prints what workflows send to it.
import { createServer } from "node:http";

async function answer(request, response) {
  const body = Buffer.concat(await request.toArray()).toString("utf8");
  console.log(request.method, request.url, request.headers["idempotency-key"], body);
  response.setHeader("content-type", "application/json").end('{"ok":true}');
}

createServer((request, response) => void answer(request, response)).listen(9000, "localhost");
