import { expect, test } from "vitest";
import { createKeyRingText, parseKeyRing } from "./key-ring.ts";

test("the first key is active and all keys open", () => {
  const ring = parseKeyRing(`${createKeyRingText("new")}, ${createKeyRingText("old")}`);
  expect(ring.active.id).toBe("new");
  expect([...ring.keys.keys()]).toEqual(["new", "old"]);
});

test.each([
  ["", /Key 1 of the key ring/],
  ["k1", /Key 1 of the key ring/],
  [`${createKeyRingText("a")},b:`, /Key 2 of the key ring/],
  ["k1:c2hvcnQ=", /Key "k1" .* holds 5 bytes instead of 32/],
  [`${createKeyRingText("k")},${createKeyRingText("k")}`, /the same key id twice/],
])("a faulty key ring (%s) is refused with the entry's place or id", (text, message) => {
  expect(() => parseKeyRing(text)).toThrow(message);
});

test("the message about a faulty key does not show the key", () => {
  const secret = "c2VjcmV0LXNlY3JldA==";
  expect(() => parseKeyRing(`k1:${secret}`)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(secret) }),
  );
});
