import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { codeBlocks, readPage } from "./markdown.ts";

test("the receiver in docs/subscriptions.md accepts what is signed, and nothing else", async () => {
  const { text } = await readPage("docs/subscriptions.md");
  const [code = ""] = codeBlocks(text, "js");
  const { verify } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const body = '{"type":"NOTION_PAGE_CREATED"}';
  const signed = (at: Date, by = secret) => ({
    "webhook-id": "msg",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(by).sign("msg", at, body),
  });
  const now = new Date();
  verify(secret, signed(now), body);
  const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
  expect(() => verify(other, signed(now), body)).toThrow("Not signed");
  expect(() => verify(secret, signed(now), `${body} `)).toThrow("Not signed");
  expect(() => verify(secret, { ...signed(now), "webhook-id": "x" }, body)).toThrow("Not signed");
  expect(() => verify(secret, signed(new Date(Date.now() - 600_000)), body)).toThrow("Too old");
  expect(() => verify(secret, { ...signed(now), "webhook-timestamp": "x" }, body)).toThrow(
    "Too old",
  );
  const rotated = { ...signed(now, other) };
  rotated["webhook-signature"] += ` ${signed(now)["webhook-signature"]}`;
  verify(secret, rotated, body);
});
