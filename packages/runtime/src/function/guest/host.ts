/**
 * The one way out of the sandbox: names an operation of the host with JSON, and bytes where it takes
 * any. Answers bytes, or `{"value": …}` or `{"error": [name, message]}` as JSON.
 */
export type HostFunction = (operation: string, json: string, bytes?: ArrayBuffer) => unknown;

declare global {
  var tenonHost: HostFunction;
}

// Taken before any code of a user runs and removed, so that only the modules here can reach it.
const host = globalThis.tenonHost;
Reflect.deleteProperty(globalThis, "tenonHost");

const { parse, stringify } = JSON;
const errorTypes: Record<string, ErrorConstructor> = { Error, TypeError, RangeError };

function ask(operation: string, input: readonly unknown[], bytes?: Uint8Array): unknown {
  const copy = bytes && new Uint8Array(bytes).buffer;
  const answer = host(operation, stringify(input), copy);
  if (typeof answer !== "string") return answer;
  const { value, error } = parse(answer);
  if (error === undefined) return value;
  const [name, message] = error;
  throw new (errorTypes[name] ?? Error)(message);
}

/** An operation that answers a text. */
export function askText(operation: string, input: readonly unknown[], bytes?: Uint8Array): string {
  return String(ask(operation, input, bytes));
}

/** An operation that answers bytes. */
export function askBytes(
  operation: string,
  input: readonly unknown[],
  bytes?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const answer = ask(operation, input, bytes);
  if (!(answer instanceof ArrayBuffer)) throw new TypeError(`${operation} answered no bytes`);
  return new Uint8Array(answer);
}

/** An operation that answers JSON, whose type the caller knows: host-operations.ts decides on it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a border, as it says
export function askJson<T>(operation: string, input: readonly unknown[]): T {
  return ask(operation, input) as T;
}
