/**
 * What is in the sandbox beside the language, and what the host calls in it. These modules are not
 * part of the server: they run in QuickJS, before the user's code, and take what they need of the
 * language before that can change it.
 */
import "./intl.ts";
import "./console.ts";
import "./structured-clone.ts";
import { describeError } from "./describe-error.ts";
import { findEntry } from "./entry.ts";
import { makeLibraries } from "./libraries.ts";
import { seedRandom } from "./random.ts";
import { resultJson } from "./result-json.ts";

export { exportNames, requireLibrary } from "./libraries.ts";
export { fireTimer } from "./timers.ts";

// Memory that threads share is of no use to one thread, and a fine clock for attacks.
Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
Reflect.deleteProperty(globalThis, "Atomics");

const { parse, stringify } = JSON;
const { setPrototypeOf } = Object;
const libraries = makeLibraries();
let parameters: unknown;

/** Readies a run. Takes JSON of `{ seed, parameters }`. */
export function begin(json: string): void {
  const start = parse(json);
  seedRandom(start.seed);
  parameters = start.parameters;
}

/** JSON of fields that are texts. Without a prototype, nobody's toJSON has a say in it. */
function answer(fields: object): string {
  return stringify(setPrototypeOf(fields, null));
}

/** Whatever was thrown, as JSON of an ErrorDescription. */
export function describe(thrown: unknown): string {
  return answer(describeError(thrown));
}

/** Runs the function. Answers JSON: `{ result }` or `{ thrown }`, themselves JSON, or `{ refused }`. */
export async function invoke(completion: unknown, isModule: boolean): Promise<string> {
  try {
    const entry = await findEntry(completion, isModule);
    return answer(resultJson(await entry(parameters, libraries)));
  } catch (error) {
    return answer({ thrown: describe(error) });
  }
}
