import type { Condition } from "../condition.ts";
import type { Path, Reference } from "../reference.ts";
import { formatReference } from "../reference.ts";
import { type CompiledValue, compileValue, referencesIn, resolveValue } from "../value.ts";
import type {
  ParagonCondition,
  ParagonKeyed,
  ParagonMapping,
  ParagonSource,
  ParagonToken,
} from "./compiled-form.ts";

/** What an export needs at hand while it writes a step. */
export interface ExportScope {
  mapping: ParagonMapping;
  /** Says what could not be written as it is. */
  note(text: string): void;
}

/** Paragon's source of a value of ours. */
export function toSource(json: unknown, scope: ExportScope): ParagonSource {
  return compiledToSource(compileValue(json), scope);
}

/** Fields of an object; undefined for what is no object of fields. */
export function toKeyed(json: unknown, scope: ExportScope): ParagonKeyed | undefined {
  const compiled = compileValue(json);
  if (compiled.kind !== "object") return undefined;
  return compiled.entries.map(([key, value]) => ({ key, source: compiledToSource(value, scope) }));
}

export function namedToKeyed(
  named: readonly { name: string; value: unknown }[],
  scope: ExportScope,
): ParagonKeyed {
  return named.map(({ name, value }) => ({ key: name, source: toSource(value, scope) }));
}

/** Paragon's editor keeps conditions as an or of ands, and only such ones. */
export function toCondition(condition: Condition, scope: ExportScope): ParagonCondition {
  const alternatives = partsOf(condition, "or").map((alternative): ParagonCondition => {
    const conditions = partsOf(alternative, "and").map((part) => toInner(part, scope));
    return { type: "JOIN", join: "AND", conditions };
  });
  return { type: "JOIN", join: "OR", conditions: alternatives };
}

function partsOf(condition: Condition, join: "and" | "or"): readonly Condition[] {
  return "join" in condition && condition.join === join ? condition.conditions : [condition];
}

function toInner(condition: Condition, scope: ExportScope): ParagonCondition {
  if ("join" in condition) {
    scope.note("has conditions that are no or of ands; Paragon's editor cannot show them.");
    const join = condition.join === "and" ? "AND" : "OR";
    const conditions = condition.conditions.map((inner) => toInner(inner, scope));
    return { type: "JOIN", join, conditions };
  }
  const { operator, variable, argument } = condition;
  return {
    type: "OPERATOR",
    condition: {
      operator,
      variable: toSource(variable, scope),
      ...(argument !== undefined && { argument: toSource(argument, scope) }),
    },
  };
}

function compiledToSource(compiled: CompiledValue, scope: ExportScope): ParagonSource {
  switch (compiled.kind) {
    case "constant":
      return toValue(compiled.value);
    case "reference":
      return toToken(compiled.reference, scope);
    case "text": {
      const parts = compiled.parts.map((part) =>
        typeof part === "string" ? toValue(part) : toToken(part, scope),
      );
      return { type: "TOKENIZED", dataType: "STRING", parts };
    }
    case "list":
    case "object":
      return structureToSource(compiled, scope);
    default:
      return compiled satisfies never;
  }
}

/** Paragon's sources have no structure: references inside of one can only stand in its JSON text. */
function structureToSource(compiled: CompiledValue, scope: ExportScope): ParagonSource {
  if (referencesIn(compiled).length === 0) {
    return toValue(resolveValue(compiled, { read: () => undefined }));
  }
  scope.note("has references inside a list or object; they stand in a text of JSON now. Check it.");
  return { type: "TOKENIZED", dataType: "STRING", parts: toJsonTokens(compiled, scope) };
}

function toJsonTokens(compiled: CompiledValue, scope: ExportScope): ParagonToken[] {
  switch (compiled.kind) {
    case "constant":
      return [toValue(JSON.stringify(compiled.value) ?? "null")];
    case "reference":
      return [toToken(compiled.reference, scope)];
    case "text":
      return compiled.parts.map((part) =>
        typeof part === "string"
          ? toValue(JSON.stringify(part).slice(1, -1))
          : toToken(part, scope),
      );
    case "list":
      return between(
        "[]",
        compiled.items.map((item) => toJsonTokens(item, scope)),
      );
    case "object":
      return between(
        "{}",
        compiled.entries.map(([key, value]) => [
          toValue(`${JSON.stringify(key)}:`),
          ...toJsonTokens(value, scope),
        ]),
      );
    default:
      return compiled satisfies never;
  }
}

function between(brackets: string, items: readonly ParagonToken[][]): ParagonToken[] {
  const inner = items.flatMap((item, index) => (index === 0 ? item : [toValue(","), ...item]));
  return [toValue(brackets.slice(0, 1)), ...inner, toValue(brackets.slice(1))];
}

function toValue(value: unknown): Extract<ParagonToken, { type: "VALUE" }> {
  return { type: "VALUE", value, dataType: dataTypeOf(value) };
}

function dataTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "ARRAY";
  switch (typeof value) {
    case "string":
      return "STRING";
    case "number":
      return "NUMBER";
    case "boolean":
      return "BOOLEAN";
    case "object":
      return value === null ? "ANY" : "OBJECT";
    default:
      return "ANY";
  }
}

function toToken(reference: Reference, scope: ExportScope): ParagonToken {
  switch (reference.source) {
    case "step": {
      const path = toPath(reference.path);
      return { type: "VARIABLE", stepId: reference.stepId, path, dataType: "ANY" };
    }
    case "setting":
      return {
        type: "CONNECT_CREDENTIAL_FIELD",
        fieldType: reference.level === "workflow" ? "WORKFLOW_SETTING" : "SHARED_WORKFLOW_SETTING",
        inputId: reference.inputId,
        path: toPath(reference.path),
      };
    case "secret": {
      const id = scope.mapping.toSecretId?.(reference.name);
      if (id === undefined) {
        scope.note(
          `uses the secret ${reference.name}, whose id in Paragon is not known. Choose it there.`,
        );
      }
      return { type: "ENVIRONMENT_SECRET", environmentSecretId: id ?? reference.name };
    }
    case "user":
      return userToken(reference, scope);
    case "connection":
      return connectionToken(reference, scope);
    case "self":
      return { type: "OBJECT_VALUE", name: "self", path: toPath(reference.path) };
    default:
      return reference satisfies never;
  }
}

function userToken(
  reference: Extract<Reference, { source: "user" }>,
  scope: ExportScope,
): ParagonToken {
  const [field, ...rest] = reference.path;
  if (field === "meta") return { type: "PERSONA_METADATA", path: toPath(rest) };
  if (field === "id" && rest.length === 0) {
    return { type: "CONNECT_CREDENTIAL_FIELD", fieldType: "EXTERNAL_USER_ID" };
  }
  return unknownToken(reference, scope);
}

function connectionToken(
  reference: Extract<Reference, { source: "connection" }>,
  scope: ExportScope,
): ParagonToken {
  const [field, key, ...rest] = reference.path;
  const type = "CONNECT_CREDENTIAL_FIELD";
  if (field === "accountId" && key === undefined) {
    return { type, fieldType: "EXTERNAL_USER_PROVIDER_ID" };
  }
  if (field === "accessToken" && key === undefined)
    return { type, fieldType: "OAUTH_ACCESS_TOKEN" };
  if (field === "providerData" && key !== undefined && rest.length === 0) {
    return { type, fieldType: "EXTERNAL_USER_PROVIDER_DATA", dataKey: String(key) };
  }
  return unknownToken(reference, scope);
}

/** Paragon has nothing of the kind: the reference stands there as a text. */
function unknownToken(reference: Reference, scope: ExportScope): ParagonToken {
  const shown = `{{${formatReference(reference)}}}`;
  scope.note(`refers to ${shown}, which Paragon does not have. It is a plain text there.`);
  return toValue(shown);
}

function toPath(path: Path): string[] {
  return path.map(String);
}
