/** Where in a value: keys of objects and places in lists. */
export type Path = readonly (string | number)[];

/**
 * One `{{…}}`, parsed.
 *
 * - step: output of a step or the trigger. A `stepId` of digits only is the step's number, as it is
 *   shown to people (1 is the trigger); stored definitions hold ids.
 * - setting: what a connected user chose, for this workflow or for the integration.
 * - secret: one of the project's environment secrets.
 * - user: `id`, and `meta` with what the app said about the user.
 * - connection: `id`, `externalId`, `accountId`, `providerData` and `accessToken`.
 * - self: the page at hand, inside pagination.
 */
export type Reference =
  | { source: "step"; stepId: string; path: Path }
  | { source: "setting"; level: "workflow" | "integration"; inputId: string; path: Path }
  | { source: "secret"; name: string }
  | { source: "user"; path: Path }
  | { source: "connection"; path: Path }
  | { source: "self"; path: Path };

/** True of a step id that is a number as people see it. */
export function isStepNumber(stepId: string): boolean {
  return /^\d+$/.test(stepId);
}

/** The inside of the braces: `trigger.body["last name"][0]`. Parsed back it is the same reference. */
export function formatReference(reference: Reference): string {
  switch (reference.source) {
    case "step":
      return reference.stepId + formatPath(reference.path);
    case "setting": {
      const head = reference.level === "workflow" ? "settings" : "integrationSettings";
      return head + formatPath([reference.inputId, ...reference.path]);
    }
    case "secret":
      return `secrets${formatPath([reference.name])}`;
    case "user":
    case "connection":
    case "self":
      return reference.source + formatPath(reference.path);
    default:
      return reference satisfies never;
  }
}

function formatPath(path: Path): string {
  return path
    .map((key) => {
      if (typeof key === "number") return `[${key}]`;
      return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join("");
}
