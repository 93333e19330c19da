import { foldJson, type JsonFold, toPointer } from "./fold-json.ts";
import type { Reference } from "./reference.ts";
import { parseTemplate } from "./template.ts";
import { TemplateError } from "./template-error.ts";

/** JSON whose texts are parsed: what {@link resolveValue} takes, made once for many runs. */
export type CompiledValue =
  | { kind: "constant"; value: unknown }
  | { kind: "reference"; reference: Reference }
  | { kind: "text"; parts: readonly (string | Reference)[] }
  | { kind: "list"; items: readonly CompiledValue[] }
  | { kind: "object"; entries: readonly (readonly [key: string, value: CompiledValue])[] };

/** What a run knows. Answers undefined for what is not there. */
export interface Scope {
  read(reference: Reference): unknown;
}

/** A reference and where it stands: a JSON pointer into the value. */
export interface LocatedReference {
  reference: Reference;
  pointer: string;
}

/** How long a text may become by what is put into it. */
const maxTextLength = 50_000_000;

/** What a reference stands for cannot be part of a text: it has no JSON or is too large. */
export class UnwritableValueError extends Error {
  override readonly name = "UnwritableValueError";
}

/** Makes {@link CompiledValue}s; templates that cannot be read throw. */
export const compiling: JsonFold<CompiledValue> = {
  text(text, pointer) {
    const template = parseLocated(text, pointer);
    return template.kind === "literal" ? { kind: "constant", value: template.value } : template;
  },
  constant: (value) => ({ kind: "constant", value }),
  list: (items) => ({ kind: "list", items }),
  object: (entries) => ({ kind: "object", entries }),
};

function parseLocated(text: string, pointer: string): ReturnType<typeof parseTemplate> {
  try {
    return parseTemplate(text);
  } catch (cause) {
    if (cause instanceof TemplateError) {
      throw new TemplateError(cause.message, cause.offset, pointer);
    }
    throw cause;
  }
}

/**
 * Parses every text of a JSON value; keys of objects are no templates.
 *
 * @throws TemplateError with the JSON pointer of the text that cannot be read.
 */
export function compileValue(json: unknown): CompiledValue {
  return foldJson(json, compiling);
}

/**
 * Puts what references stand for in their places.
 *
 * - A reference alone keeps its type; undefined is left out of objects and is null in lists.
 * - Mixed text is a text: objects as JSON, null and undefined as nothing.
 * - What a reference stands for is data: it is never parsed or resolved again.
 *
 * @throws UnwritableValueError where mixed text refers to what has no JSON or is too large; what `scope` throws.
 */
export function resolveValue(compiled: CompiledValue, scope: Scope): unknown {
  switch (compiled.kind) {
    case "constant":
      return compiled.value;
    case "reference":
      return scope.read(compiled.reference);
    case "text":
      return resolveText(compiled.parts, scope);
    case "list":
      return compiled.items.map((item) => resolveValue(item, scope) ?? null);
    case "object":
      // fromEntries defines keys and never sets them: `__proto__` is a key like any other.
      return Object.fromEntries(
        compiled.entries
          .map(([key, value]) => [key, resolveValue(value, scope)] as const)
          .filter(([, value]) => value !== undefined),
      );
    default:
      return compiled satisfies never;
  }
}

function resolveText(parts: readonly (string | Reference)[], scope: Scope): string {
  let text = "";
  for (const part of parts) {
    const next = typeof part === "string" ? part : toText(scope.read(part));
    // A short template can name a large value many times over.
    if (text.length + next.length > maxTextLength) {
      throw new UnwritableValueError(
        `A text would have more than ${maxTextLength} characters. Refer to smaller parts of values.`,
      );
    }
    text += next;
  }
  return text;
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch (cause) {
    throw new UnwritableValueError(
      "A value cannot be written into a text: it is nested too deeply or is no JSON. Refer to a part of it.",
      { cause },
    );
  }
}

/** Every reference of a compiled value, in order. */
export function referencesIn(compiled: CompiledValue, pointer = ""): LocatedReference[] {
  switch (compiled.kind) {
    case "constant":
      return [];
    case "reference":
      return [{ reference: compiled.reference, pointer }];
    case "text":
      return compiled.parts
        .filter((part) => typeof part !== "string")
        .map((reference) => ({ reference, pointer }));
    case "list":
      return compiled.items.flatMap((item, index) => referencesIn(item, `${pointer}/${index}`));
    case "object":
      return compiled.entries.flatMap(([key, value]) =>
        referencesIn(value, pointer + toPointer([key])),
      );
    default:
      return compiled satisfies never;
  }
}

/**
 * Every reference of a JSON value, in order, with where it stands.
 *
 * @throws TemplateError as {@link compileValue} does.
 */
export function referencesOf(json: unknown): LocatedReference[] {
  return referencesIn(compileValue(json));
}
