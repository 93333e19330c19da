type Entry = (parameters: unknown, libraries: object) => unknown;

/** Sees what a script declared with const and let too, which is not on `globalThis`. */
// oxlint-disable-next-line typescript/no-implied-eval -- inside the sandbox, and a constant
const readYourFunction = Function(
  "return typeof yourFunction === 'undefined' ? undefined : yourFunction",
);

function isEntry(value: unknown): value is Entry {
  return typeof value === "function";
}

/**
 * The function to run of a script: `yourFunction`; else the function that the script is; else the
 * only one that it declares.
 */
function entryOfScript(value: unknown): Entry {
  const named: unknown = readYourFunction();
  if (isEntry(named)) return named;
  if (isEntry(value)) return value;
  const declared = Object.values(globalThis).filter(isEntry);
  const [only, another] = declared;
  if (only === undefined) {
    throw new TypeError(
      "There is no function to run. Write function yourFunction(parameters, libraries) { … }, or export one as default.",
    );
  }
  if (another === undefined) return only;
  throw new TypeError(
    `There are several functions (${declared.map(({ name }) => name).join(", ")}). Name the one to run yourFunction, or export it as default.`,
  );
}

function entryOfModule(namespace: object): Entry {
  const entry: unknown = Reflect.get(namespace, "default");
  if (isEntry(entry)) return entry;
  throw new TypeError(
    "The module's default export is not a function. Write export default async (parameters, libraries) => { … }.",
  );
}

/** Finds the function in what the code came to. */
export async function findEntry(completion: unknown, isModule: boolean): Promise<Entry> {
  if (!isModule) return entryOfScript(completion);
  // A module that awaits at its top is a promise.
  return entryOfModule(Object(await completion));
}
