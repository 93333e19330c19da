import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openEnvelope, readKeyId, sealEnvelope } from "./envelope.ts";

const key = { id: "k1", key: randomBytes(32) };
const secret = Buffer.from("a secret");

test("what is sealed opens in the same context with the same key", () => {
  const sealed = sealEnvelope(key, ["connections", "1"], secret);
  expect(readKeyId(sealed)).toBe("k1");
  expect(sealed.includes(secret)).toBe(false);
  expect(openEnvelope(key, ["connections", "1"], sealed)).toEqual(secret);
});

test("sealing twice gives two different values", () => {
  expect(sealEnvelope(key, ["a"], secret)).not.toEqual(sealEnvelope(key, ["a"], secret));
});

test.each([
  [["connections", "2"]],
  [["connections1"]],
  [["connection", "s1"]],
  [["connections", "1", ""]],
])("it does not open in the context %j", (context) => {
  const sealed = sealEnvelope(key, ["connections", "1"], secret);
  expect(() => openEnvelope(key, context, sealed)).toThrow(/does not open/);
});

test("it does not open with another key of the same id", () => {
  const sealed = sealEnvelope(key, ["a"], secret);
  expect(() => openEnvelope({ id: "k1", key: randomBytes(32) }, ["a"], sealed)).toThrow(
    /does not open/,
  );
});

test("it does not open with any one bit changed, nor cut short anywhere", () => {
  const sealed = sealEnvelope(key, ["a"], secret);
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (sealed[index] ?? 0) ^ 1;
    expect(() => openEnvelope(key, ["a"], changed), `bit of byte ${index}`).toThrow();
    expect(() => openEnvelope(key, ["a"], sealed.subarray(0, index)), `${index} bytes`).toThrow();
  }
});
