import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { request } from "undici";
import { serveParty } from "../party.ts";

/**
 * The least that turns a signed webhook into a first step: it checks the signature, fetches the page
 * and what is on it, and tells the receiver. Nothing is written down, nothing compared.
 */
const [notionUrl = "", notionToken = "", receiverUrl = "", secret = ""] = process.argv.slice(2);
const headers = { authorization: `Bearer ${notionToken}`, "notion-version": "2026-03-11" };

async function read(path: string): Promise<unknown> {
  const { body } = await request(notionUrl + path, { headers });
  return body.json();
}

const server = createServer((incoming, response) => {
  void buffer(incoming).then(async (body) => {
    const digest = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const given = String(incoming.headers["x-notion-signature"]);
    if (!timingSafeEqual(Buffer.from(given), Buffer.from(digest))) return;
    response.end("{}");
    const { entity } = JSON.parse(body.toString());
    const page = await read(`/v1/pages/${entity.id}`);
    await read(`/v1/blocks/${entity.id}/children?page_size=100`);
    const told = await request(`${receiverUrl}/bare`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ page }),
    });
    await told.body.dump();
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  serveParty({ facts: { webhookUrl: `http://127.0.0.1:${port}/` } });
});
