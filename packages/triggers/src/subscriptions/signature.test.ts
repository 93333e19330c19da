import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { expect, test } from "vitest";
import { createSecret, signMessage } from "./signature.ts";

const message = { id: "msg_1", at: new Date(), body: '{"text":"naïve ✓"}' };

test("a receiver's library accepts what is signed", () => {
  const secret = createSecret();
  const headers = signMessage(secret, message);
  expect(new Webhook(secret).verify(message.body, headers)).toEqual({ text: "naïve ✓" });
});

test("another secret, body, id or time is refused", () => {
  const secret = createSecret();
  const headers = signMessage(secret, message);
  const refusals = [
    () => new Webhook(createSecret()).verify(message.body, headers),
    () => new Webhook(secret).verify(`${message.body} `, headers),
    () => new Webhook(secret).verify(message.body, { ...headers, "webhook-id": "msg_2" }),
    () =>
      new Webhook(secret).verify(
        message.body,
        signMessage(secret, { ...message, at: new Date(Date.now() - 3_600_000) }),
      ),
  ];
  for (const refused of refusals) expect(refused).toThrow(WebhookVerificationError);
});

test("a secret has 32 random bytes and says what it is", () => {
  const secret = createSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(createSecret()).not.toBe(secret);
});
