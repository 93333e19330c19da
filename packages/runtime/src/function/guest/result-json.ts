const { stringify } = JSON;

/** Why a value has no JSON, or undefined. */
function fault(value: unknown): string | undefined {
  if (typeof value === "bigint") return "a BigInt; turn it into a text with String(…)";
  if (typeof value === "function") return "a function; results are data";
  if (typeof value === "symbol") return "a symbol; results are data";
  if (value instanceof Map) return "a Map; turn it into an object with Object.fromEntries(…)";
  if (value instanceof Set) return "a Set; turn it into a list with Array.from(…)";
  if (value instanceof Promise) return "a promise that was not awaited";
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return 'bytes; turn them into a text with Buffer.from(…).toString("base64")';
  }
  return undefined;
}

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message } = value;
  return { ...Object(value), name, message };
}

/** Where JSON writing stopped: the way down to it, of keys. Each object is entered once. */
function findFault(
  value: unknown,
  path: string,
  parents: ReadonlySet<unknown>,
): string | undefined {
  const reason = fault(value);
  if (reason !== undefined) return `${path} is ${reason}`;
  if (typeof value !== "object" || value === null) return undefined;
  if (parents.has(value)) return `${path} is an object that contains itself`;
  if ("toJSON" in value && typeof value.toJSON === "function") return undefined;
  const inside = new Set(parents).add(value);
  for (const key of Object.keys(value)) {
    const name = /^\d+$/.test(key) ? `[${key}]` : `.${key}`;
    const found = findFault(Reflect.get(value, key), `${path}${name}`, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Unwritable extends Error {}

/**
 * A function's result as JSON; undefined for undefined. What JSON would lose or refuse is not written:
 * then `refused` tells what is where.
 */
export function resultJson(result: unknown): { result: string | undefined } | { refused: string } {
  try {
    const json = stringify(result, (_key, value) => {
      if (fault(value) !== undefined) throw new Unwritable();
      return plain(value);
    });
    return { result: json };
  } catch (error) {
    const circular = error instanceof TypeError && error.message.includes("circular");
    if (!(error instanceof Unwritable) && !circular) throw error;
    return { refused: findFault(result, "result", new Set()) ?? "result has no JSON" };
  }
}
