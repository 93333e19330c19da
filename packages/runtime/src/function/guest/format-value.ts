const maxDepth = 5;
const maxItems = 100;

function formatEntries(
  entries: readonly string[],
  total: number,
  [open, close]: [string, string],
): string {
  if (entries.length === 0) return `${open}${close}`;
  const more = total > entries.length ? [`… ${total - entries.length} more`] : [];
  return `${open} ${[...entries, ...more].join(", ")} ${close}`;
}

function formatObject(value: object, parents: readonly object[]): string {
  if (parents.includes(value)) return "[Circular]";
  if (value instanceof Error)
    return value.stack
      ? `${value.name}: ${value.message}\n${value.stack.trimEnd()}`
      : `${value.name}: ${value.message}`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "Promise";
  if (parents.length >= maxDepth) return Array.isArray(value) ? "[Array]" : "[Object]";
  const inside = [...parents, value];
  const nested = (part: unknown): string => formatNested(part, inside);
  if (value instanceof Map) {
    const entries = [...value]
      .slice(0, maxItems)
      .map(([key, part]) => `${nested(key)} => ${nested(part)}`);
    return `Map ${formatEntries(entries, value.size, ["{", "}"])}`;
  }
  if (value instanceof Set) {
    const items = [...value].slice(0, maxItems).map(nested);
    return `Set ${formatEntries(items, value.size, ["{", "}"])}`;
  }
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
    const list = value as ArrayLike<unknown>;
    const items = Array.from({ length: Math.min(list.length, maxItems) }, (_, at) =>
      nested(list[at]),
    );
    return formatEntries(items, list.length, ["[", "]"]);
  }
  const keys = Object.keys(value);
  const fields = keys.slice(0, maxItems).map((key) => {
    const name = /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
    return `${name}: ${nested(Reflect.get(value, key))}`;
  });
  return formatEntries(fields, keys.length, ["{", "}"]);
}

function formatNested(value: unknown, parents: readonly object[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[Function ${value.name || "anonymous"}]`;
  if (typeof value === "object" && value !== null) return formatObject(value, parents);
  return String(value);
}

/** How the console shows a value: text as it is, all else much as Node writes it on one line. */
export function formatValue(value: unknown): string {
  return typeof value === "string" ? value : formatNested(value, []);
}
