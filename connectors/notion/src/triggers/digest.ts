/**
 * A short digest of a JSON value: 16 hexadecimal digits. Equal values have equal digests, whatever
 * the order of their keys. It tells changes apart and proves nothing: whoever wants to can make two
 * values with one digest.
 */
export function digest(value: unknown): string {
  const text = JSON.stringify(value, sortKeys) ?? "null";
  return toHex(mix(text, 0x9e3779b1, 2_654_435_761)) + toHex(mix(text, 0x85ebca77, 1_597_334_677));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One lane of 32 bits: each letter is mixed in and multiplied through, then the bits are spread. */
function mix(text: string, seed: number, factor: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), factor);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function toHex(lane: number): string {
  return lane.toString(16).padStart(8, "0");
}
