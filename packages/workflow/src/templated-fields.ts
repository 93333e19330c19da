import type { Step, StepType, Trigger } from "./definition.ts";
import { foldJson, type JsonFold } from "./fold-json.ts";

/**
 * How a field holds templates: all its texts; the values of named values (never their names); or an
 * authorization, which holds both.
 */
export type FieldKind = "json" | "named" | "authorization";

type Fields = Readonly<Record<string, FieldKind>>;

const callFields = { query: "named", headers: "named", body: "json" } as const satisfies Fields;

/** The fields of each type of step in which references count, beside conditions and pagination. */
export const stepFields: Readonly<Record<StepType, Fields>> = {
  action: { input: "json" },
  integrationRequest: { path: "json", ...callFields },
  request: { url: "json", ...callFields, authorization: "authorization" },
  function: { parameters: "json" },
  conditional: {},
  fanOut: { items: "json" },
  delay: { value: "json" },
  response: { status: "json", headers: "named", body: "json" },
};

/** The same of triggers. */
export const triggerFields: Readonly<Record<Trigger["type"], Fields>> = {
  event: {},
  request: {},
  schedule: { timeZone: "json" },
  enabled: {},
  integration: { input: "json" },
};

/** A field's name, kind and value. */
export interface TemplatedField {
  name: string;
  kind: FieldKind;
  value: unknown;
}

/** The templated fields that a step or trigger has. */
export function templatedFields(of: Step | Trigger): TemplatedField[] {
  // A trigger and a step may be of the same type: only the step of type request has a URL.
  const fields: Fields =
    "url" in of ? stepFields.request : { ...stepFields, ...triggerFields }[of.type];
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(of));
  return Object.entries(fields)
    .map(([name, kind]) => ({ name, kind, value: values.get(name) }))
    .filter((field) => field.value !== undefined);
}

/** Folds a field; the names of named values are constants. */
export function foldField<T>(field: TemplatedField, fold: JsonFold<T>): T {
  const pointer = `/${field.name}`;
  switch (field.kind) {
    case "json":
      return foldJson(field.value, fold, pointer);
    case "named":
      return foldJson(field.value, withConstantNames(fold, /^\/[^/]+\/\d+\/name$/), pointer);
    case "authorization":
      return foldJson(field.value, withConstantNames(fold, /^\/[^/]+\/[^/]+\/\d+\/name$/), pointer);
    default:
      return field.kind satisfies never;
  }
}

function withConstantNames<T>(fold: JsonFold<T>, name: RegExp): JsonFold<T> {
  return {
    ...fold,
    text: (value, pointer) =>
      name.test(pointer) ? fold.constant(value) : fold.text(value, pointer),
  };
}
