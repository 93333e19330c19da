const truths: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...["true", "yes", "on", "1", 1, true].map((one) => [one, true] as const),
  ...["false", "no", "off", "0", "", 0, false, null].map((one) => [one, false] as const),
]);

/** True or false, also as a text or number that says so; undefined for anything else. */
export function parseTruth(value: unknown): boolean | undefined {
  return truths.get(typeof value === "string" ? value.trim().toLowerCase() : value);
}
