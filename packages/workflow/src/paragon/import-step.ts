import * as z from "zod";
import type { Condition } from "../condition.ts";
import { defaultRetry, type DefinitionInput } from "../definition.ts";
import {
  ParagonCondition,
  ParagonKeyed,
  ParagonSource,
  type ParagonStep,
} from "./compiled-form.ts";
import {
  fromCondition,
  fromKeyed,
  fromNamed,
  fromSource,
  type ImportScope,
} from "./from-source.ts";
import { fromAuthorization, fromBody, fromMethod } from "./import-call.ts";

export type StepInput = NonNullable<DefinitionInput["steps"]>[number];

/** What every step of ours has. */
interface Placed {
  id: string;
  title?: string;
  next: string | null;
}

type ReadStep = (step: ParagonStep, placed: Placed, scope: ImportScope) => StepInput;

const keyed = ParagonKeyed.default([]);

/** What can fail: options of actions, requests and functions. */
const fallible = {
  ignoreFailure: z.boolean().default(false),
  retryOnFailure: z.boolean().default(false),
};

const CustomParameters = z.object({
  ...fallible,
  intent: z.string(),
  actionType: z.string(),
  credentials: z.array(z.unknown()).max(0).optional(),
  actionParameters: keyed,
});

const call = {
  ...fallible,
  httpMethod: z.string(),
  url: ParagonSource,
  params: keyed,
  headers: keyed,
  body: z.union([ParagonKeyed, ParagonSource]).default([]),
  bodyType: z.string().default("json"),
};
const IntegrationRequestParameters = z.object({ ...call, actionType: z.string() });
const RequestParameters = z.object({ ...call, authorization: z.unknown().optional() });
const FunctionParameters = z.object({ ...fallible, parameters: keyed, code: z.string() });
const IfElseParameters = z.object({
  choices: z.array(
    z.object({
      label: z.string().min(1),
      isDefault: z.boolean().default(false),
      next: z.string().nullish(),
      conditionWrapper: ParagonCondition.optional(),
    }),
  ),
});
const MapParameters = z.object({ iterator: ParagonSource, nextToIterate: z.string().nullish() });
const DelayParameters = z.object({
  value: z.union([z.number(), ParagonSource]),
  unit: z.enum(["SECONDS", "MINUTES", "HOURS", "DAYS"]).default("MINUTES"),
});
const ResponseParameters = z.object({
  statusCode: z.union([z.number(), ParagonSource]).default(200),
  responseType: z.enum(["JSON", "FILE"]).default("JSON"),
  headers: keyed,
  body: z.union([ParagonKeyed, ParagonSource]).optional(),
});

/** The types of steps that are understood. Those of Delay and Response are not published. */
export const stepReaders: Readonly<Record<string, ReadStep>> = {
  "ACTION/CUSTOM": (step, placed, scope) => {
    const parameters = read(CustomParameters, step, scope);
    const { intent, actionType, actionParameters } = parameters;
    const known = scope.mapping.toAction(intent);
    if (known === undefined) {
      scope.note(`runs ${intent}, which is not known here. Choose an action for it.`);
    }
    const { integration, action } = known ?? { integration: actionType, action: intent };
    const input = fromKeyed(actionParameters, scope);
    return { ...placed, ...toFallible(parameters), type: "action", integration, action, input };
  },
  "ACTION/CUSTOM_INTEGRATION_REQUEST": (step, placed, scope) => {
    const parameters = read(IntegrationRequestParameters, step, scope);
    return {
      ...placed,
      ...toFallible(parameters),
      ...toCall(parameters, scope),
      type: "integrationRequest",
      integration: parameters.actionType,
      path: toText(fromSource(parameters.url, scope)),
    };
  },
  "ACTION/REQUEST": (step, placed, scope) => {
    const parameters = read(RequestParameters, step, scope);
    return {
      ...placed,
      ...toFallible(parameters),
      ...toCall(parameters, scope),
      type: "request",
      url: toText(fromSource(parameters.url, scope)),
      authorization: fromAuthorization(parameters.authorization, scope),
    };
  },
  "ACTION/FUNCTION": (step, placed, scope) => {
    const parameters = read(FunctionParameters, step, scope);
    return {
      ...placed,
      ...toFallible(parameters),
      type: "function",
      code: parameters.code,
      parameters: fromKeyed(parameters.parameters, scope),
    };
  },
  "TRANSITION/IFELSE": (step, placed, scope) => {
    const { choices } = read(IfElseParameters, step, scope);
    const branches = choices.filter(({ isDefault }) => !isDefault);
    const otherwise = choices.find(({ isDefault }) => isDefault);
    return {
      ...placed,
      type: "conditional",
      branches: branches.map(({ label, next, conditionWrapper }) => ({
        label,
        next: toNext(next, scope),
        condition: toCondition(label, conditionWrapper, scope),
      })),
      otherwise: { label: otherwise?.label ?? "No", next: toNext(otherwise?.next, scope) },
    };
  },
  "TRANSITION/MAP": (step, placed, scope) => {
    const { iterator, nextToIterate } = read(MapParameters, step, scope);
    const items = fromSource(iterator, scope);
    return { ...placed, type: "fanOut", items, each: toNext(nextToIterate, scope) };
  },
  "TRANSITION/DELAY": (step, placed, scope) => {
    const { value, unit } = read(DelayParameters, step, scope);
    scope.note("is read as a delay; Paragon has not published the form of delays. Check it.");
    const units = { SECONDS: "seconds", MINUTES: "minutes", HOURS: "hours", DAYS: "days" } as const;
    return { ...placed, type: "delay", value: toNumber(value, scope), unit: units[unit] };
  },
  "ACTION/RESPONSE": (step, placed, scope) => {
    const { statusCode, responseType, headers, body } = read(ResponseParameters, step, scope);
    scope.note("is read as a response; Paragon has not published the form of responses. Check it.");
    return {
      ...placed,
      type: "response",
      status: toNumber(statusCode, scope),
      responseType: responseType === "FILE" ? "file" : "json",
      headers: fromNamed(headers, scope),
      ...(body && { body: Array.isArray(body) ? fromKeyed(body, scope) : fromSource(body, scope) }),
    };
  },
};

/** Reads parameters, and notes those that are not understood. */
export function read<T extends z.ZodObject>(
  schema: T,
  step: ParagonStep,
  scope: ImportScope,
): z.output<T> {
  for (const key of Object.keys(step.parameters)) {
    if (Object.hasOwn(schema.shape, key)) continue;
    scope.note(`has ${JSON.stringify(key)}, which is not understood and left out.`);
  }
  return schema.parse(step.parameters);
}

function toFallible(parameters: { ignoreFailure: boolean; retryOnFailure: boolean }): {
  continueOnFailure: boolean;
  retry: { delaysMs: number[] };
} {
  const retry = parameters.retryOnFailure ? defaultRetry : { delaysMs: [] };
  return { continueOnFailure: parameters.ignoreFailure, retry };
}

function toCall(
  parameters: Pick<
    z.output<typeof RequestParameters>,
    "httpMethod" | "params" | "headers" | "body" | "bodyType"
  >,
  scope: ImportScope,
) {
  return {
    method: fromMethod(parameters.httpMethod),
    query: fromNamed(parameters.params, scope),
    headers: fromNamed(parameters.headers, scope),
    ...fromBody(parameters, scope),
  };
}

/** A branch without a condition that can be read is never taken. */
function toCondition(
  label: string,
  condition: ParagonCondition | undefined,
  scope: ImportScope,
): Condition {
  if (condition !== undefined) return fromCondition(condition, scope);
  scope.note(`has no condition for its branch ${JSON.stringify(label)}, which is never taken now.`);
  return { operator: "$booleanTrue", variable: false };
}

export function toNext(next: string | null | undefined, scope: ImportScope): string | null {
  return next === null || next === undefined || next === "" ? null : scope.toStepId(next);
}

function toNumber(value: number | ParagonSource, scope: ImportScope): number | string {
  if (typeof value === "number") return value;
  const read = fromSource(value, scope);
  return typeof read === "number" ? read : toText(read);
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
