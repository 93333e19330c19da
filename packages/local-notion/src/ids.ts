import { randomBytes } from "node:crypto";

const uuidShape = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
const nilShape = /^0{8}-?0{4}-?0{4}-?0{4}-?0{12}$/;

/** Whether a text is an id as Notion takes them: dashes optional, version and variant checked. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text) || nilShape.test(text);
}

/** The dashed, lower-case form every id has inside and in answers. */
export function toDashed(id: string): string {
  const bare = id.replaceAll("-", "").toLowerCase();
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, index) => bare.slice(cuts[index], end))
    .join("-");
}

export function toBare(id: string): string {
  return id.replaceAll("-", "");
}

type RandomBytes = (size: number) => Buffer;

let random: RandomBytes = randomBytes;

/** Makes all ids of this process from other bytes, for runs that must repeat exactly. */
export function drawIdsFrom(source: RandomBytes): void {
  random = source;
}

/**
 * An id like Notion's own: a prefix shared by the workspace, version nibble 8, the rest random.
 */
export function newNodeId(prefix: string): string {
  const digits = random(9).toString("hex");
  return toDashed(`${prefix}81${digits.slice(0, 2)}8${digits.slice(2, 17)}`);
}

/** A random uuid of version 4, as databases and data sources have. */
export function newUuid(): string {
  const digits = random(16).toString("hex");
  return toDashed(`${digits.slice(0, 12)}4${digits.slice(13, 16)}8${digits.slice(17)}`);
}

const propertyIdCharacters =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[]^`{|}~\\_";

/** A property's id: four characters, not all of them safe in a URL, as in Notion. */
export function newPropertyId(): string {
  const bytes = random(4);
  return [...bytes]
    .map((byte) => propertyIdCharacters[byte % propertyIdCharacters.length])
    .join("");
}
