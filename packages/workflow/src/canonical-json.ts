/** How deeply values are compared; what is nested deeper is equal to nothing. */
const maxCompared = 1000;

/**
 * A text that two JSON values share exactly if they are the same; the order of keys does not count.
 * Undefined where the value is no JSON or nested too deeply.
 */
export function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  if (typeof value !== "object" || depth >= maxCompared) return undefined;
  if (Array.isArray(value)) {
    return join(
      "[]",
      Array.from(value, (item) => canonicalJson(item ?? null, depth + 1)),
    );
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return join(
    "{}",
    entries.map(([key, inner]) => {
      const text = canonicalJson(inner, depth + 1);
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
    }),
  );
}

function join(brackets: string, parts: (string | undefined)[]): string | undefined {
  if (parts.includes(undefined)) return undefined;
  return brackets.slice(0, 1) + parts.join(",") + brackets.slice(1);
}
