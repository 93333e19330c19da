import { createHash } from "node:crypto";

/** Makes run ids of Tenon's own out of names: RFC 9562, version 5. */
const namespace = Buffer.from("6f1c1a4e5d0b5c1c9a7e3f5b8a2d4c60", "hex");

/** What a start is known by, beside its workflow and configuration. */
export interface StartKey {
  kind: "event" | "request" | "schedule" | "enabled" | "integration";
  key: string;
}

/** The id of the run that a start makes: the same start has the same id, on any process. */
export function runIdOf(workflowId: string, configurationId: string, start: StartKey): string {
  return uuidOf(workflowId, configurationId, start.kind, start.key);
}

/** The UUID that these names always have. */
export function uuidOf(...names: readonly string[]): string {
  const name = JSON.stringify(names);
  const hash = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
