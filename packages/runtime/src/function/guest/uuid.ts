import { bufferFrom, concatBytes } from "./buffer.ts";
import { crypto, formatUuid, randomBytes, randomUUID } from "./crypto.ts";

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-8][0-9a-f]{3}-[089ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const NIL = "00000000-0000-0000-0000-000000000000";

function validate(text: unknown): boolean {
  return typeof text === "string" && pattern.test(text);
}

/** The same name in the same namespace has the same id. */
function v5(name: string, namespace: string): string {
  if (!validate(namespace)) throw new TypeError("The namespace of a v5 UUID is a UUID");
  const space = bufferFrom(namespace.replaceAll("-", ""), "hex");
  const hex = String(crypto.createHash("sha1").update(space).update(name).digest("hex"));
  return formatUuid(bufferFrom(hex, "hex"), 5);
}

/** Sorts by the time it was made. */
function v7(): string {
  const time = bufferFrom(Date.now().toString(16).padStart(12, "0"), "hex");
  return formatUuid(concatBytes([time, randomBytes(10)]), 7);
}

/** The common part of the npm package of this name. */
export const uuid = {
  v4: randomUUID,
  v5: Object.assign(v5, {
    DNS: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    URL: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
  }),
  v7,
  validate,
  NIL,
};
