import type { Condition } from "../condition.ts";
import type { Templated } from "../definition.ts";
import { foldJson, sameJson } from "../fold-json.ts";
import type { Path, Reference } from "../reference.ts";
import { formatTemplate } from "../template.ts";
import type {
  ParagonCondition,
  ParagonKeyed,
  ParagonMapping,
  ParagonSource,
  ParagonToken,
} from "./compiled-form.ts";

/** What an import needs at hand while it reads a step. */
export interface ImportScope {
  mapping: ParagonMapping;
  /** Our id of a step or trigger: the same, where it can be one. */
  toStepId(paragonId: string): string;
  /** Says what was not taken over as it was. */
  note(text: string): void;
}

/** Our value of a source: a template where it is read from somewhere. */
export function fromSource(source: ParagonSource, scope: ImportScope): Templated {
  if (source.type === "TOKENIZED") return fromTokens(source.parts, scope);
  const token = fromToken(source, scope);
  return token.kind === "value" ? escapeTemplates(token.value) : formatTemplate(token);
}

/** Fields by name; of a name that comes twice the last one counts. */
export function fromKeyed(keyed: ParagonKeyed, scope: ImportScope): Record<string, Templated> {
  const fields = new Map<string, Templated>();
  for (const { key, source } of withoutBlanks(keyed)) {
    if (fields.has(key)) scope.note(`has ${JSON.stringify(key)} twice; the last one is taken.`);
    fields.set(key, fromSource(source, scope));
  }
  return Object.fromEntries(fields);
}

/** Named values, in their order. */
export function fromNamed(
  keyed: ParagonKeyed,
  scope: ImportScope,
): { name: string; value: Templated }[] {
  return withoutBlanks(keyed).map(({ key, source }) => ({
    name: key,
    value: fromSource(source, scope),
  }));
}

/** Paragon's editor keeps an empty row at the end of each list. */
function withoutBlanks(keyed: ParagonKeyed): ParagonKeyed {
  return keyed.filter(({ key, source }) => {
    const isBlank = source.type === "VALUE" && (source.value === "" || source.value === undefined);
    return key !== "" || !isBlank;
  });
}

export function fromCondition(condition: ParagonCondition, scope: ImportScope): Condition {
  if (condition.type === "JOIN") {
    const conditions = condition.conditions.map((inner) => fromCondition(inner, scope));
    const [only, ...others] = conditions;
    if (only !== undefined && others.length === 0) return only;
    return { join: condition.join === "AND" ? "and" : "or", conditions };
  }
  const { operator, variable, argument } = condition.condition;
  return {
    operator,
    variable: fromSource(variable, scope),
    ...(argument && { argument: fromSource(argument, scope) }),
  };
}

type Read = { kind: "value"; value: unknown } | { kind: "reference"; reference: Reference };

function fromTokens(tokens: readonly ParagonToken[], scope: ImportScope): Templated {
  const [only, ...others] = tokens;
  if (only === undefined) return "";
  if (others.length === 0) return fromSource(only, scope);
  const parts = tokens.map((token): string | Reference => {
    const read = fromToken(token, scope);
    if (read.kind === "reference") return read.reference;
    return typeof read.value === "string" ? read.value : (JSON.stringify(read.value) ?? "");
  });
  return formatTemplate({ kind: "text", parts });
}

function fromToken(token: ParagonToken, scope: ImportScope): Read {
  switch (token.type) {
    case "VALUE":
      return { kind: "value", value: token.value ?? null };
    case "VARIABLE":
      return toStep(token.stepId, token.path, scope);
    case "FANOUT_EXECUTION":
      return toStep(token.stepId, ["instance"], scope);
    case "ENVIRONMENT_SECRET":
      return toSecret(token.environmentSecretId, scope);
    case "CONNECT_CREDENTIAL_FIELD":
      return { kind: "reference", reference: fromCredentialField(token) };
    case "PERSONA_METADATA":
      return toReference({ source: "user", path: ["meta", ...toPath(token.path)] });
    case "OBJECT_VALUE":
      return fromObjectValue(token, scope);
    default:
      return token satisfies never;
  }
}

function toReference(reference: Reference): Read {
  return { kind: "reference", reference };
}

function toStep(stepId: string, path: Path, scope: ImportScope): Read {
  return toReference({ source: "step", stepId: scope.toStepId(stepId), path: toPath(path) });
}

function toSecret(id: string, scope: ImportScope): Read {
  const name = scope.mapping.toSecretName?.(id);
  if (name === undefined) {
    scope.note(
      `uses the environment secret ${id}, whose name is not known. Add a secret of that name, or change the reference.`,
    );
  }
  return toReference({ source: "secret", name: name ?? id });
}

function fromCredentialField(
  token: Extract<ParagonToken, { type: "CONNECT_CREDENTIAL_FIELD" }>,
): Reference {
  switch (token.fieldType) {
    case "WORKFLOW_SETTING":
    case "SHARED_WORKFLOW_SETTING": {
      const level = token.fieldType === "WORKFLOW_SETTING" ? "workflow" : "integration";
      return { source: "setting", level, inputId: token.inputId, path: toPath(token.path) };
    }
    case "EXTERNAL_USER_ID":
      return { source: "user", path: ["id"] };
    case "EXTERNAL_USER_PROVIDER_ID":
      return { source: "connection", path: ["accountId"] };
    case "EXTERNAL_USER_PROVIDER_DATA":
      return { source: "connection", path: ["providerData", token.dataKey] };
    case "OAUTH_ACCESS_TOKEN":
      return { source: "connection", path: ["accessToken"] };
    default:
      return token satisfies never;
  }
}

function fromObjectValue(
  token: Extract<ParagonToken, { type: "OBJECT_VALUE" }>,
  scope: ImportScope,
): Read {
  if (token.name === "self") return toReference({ source: "self", path: toPath(token.path) });
  scope.note(
    `reads ${token.name}.${token.path.join(".")} of an object that is not known here; it is empty now.`,
  );
  return { kind: "value", value: null };
}

/** Paragon writes places in lists as texts. */
function toPath(path: Path): Path {
  return path.map((key) => {
    const isPlace = typeof key === "string" && /^(0|[1-9]\d{0,9})$/.test(key);
    return isPlace ? Number(key) : key;
  });
}

/** A fixed value in which braces are text. */
function escapeTemplates(value: unknown): Templated {
  const escaped = foldJson(value, {
    ...sameJson,
    text: (text) => formatTemplate({ kind: "literal", value: text }),
  });
  // What was parsed as JSON is JSON; the schema of the step checks it once more.
  return escaped as Templated;
}
