import { type Authorization, defaultRetry, type Step, type Trigger } from "../definition.ts";
import type { ParagonKeyed, ParagonSource } from "./compiled-form.ts";
import { type ExportScope, namedToKeyed, toCondition, toKeyed, toSource } from "./to-source.ts";

/** A step's type in Paragon and its parameters. */
interface Written {
  type: string;
  parameters: Record<string, unknown>;
}

type Of<Type extends Step["type"]> = Extract<Step, { type: Type }>;
type Call = Of<"request" | "integrationRequest">;

export function writeTrigger(
  trigger: Trigger,
  integration: string | undefined,
  scope: ExportScope,
): Written {
  switch (trigger.type) {
    case "event":
      scope.note("is an app event; Paragon has not published the form of it. Check it there.");
      return { type: "TRIGGER/EVENT", parameters: { name: trigger.event } };
    case "request": {
      scope.note("is a request; Paragon has not published the form of it. Check it there.");
      const { params, headers, body } = trigger.validation;
      const parameters = {
        allowArbitraryPayload: params.length + headers.length + body.length === 0,
        paramValidations: params,
        headerValidations: headers,
        bodyValidations: body,
      };
      return { type: "TRIGGER/ENDPOINT", parameters };
    }
    case "schedule": {
      const source = toSource(trigger.timeZone, scope);
      const timeZone = source.type === "VALUE" ? source.value : source;
      return { type: "TRIGGER/CRON", parameters: { cron: trigger.cron, timeZone } };
    }
    case "enabled":
      return { type: "TRIGGER/INTEGRATION_ENABLED", parameters: {} };
    case "integration": {
      const intent = scope.mapping.toTriggerIntent?.(trigger.trigger);
      if (intent === undefined)
        scope.note(`waits for ${trigger.trigger}, whose intent is not known.`);
      if (trigger.condition !== undefined || trigger.ignoreOwn || trigger.afterPause !== "skip")
        scope.note("has a condition or options of its trigger that Paragon does not have.");
      const parameters = {
        intent: intent ?? trigger.trigger,
        actionType: integration ?? "",
        credentials: [],
        actionParameters: toKeyed(trigger.input, scope) ?? [],
      };
      return { type: "TRIGGER/ACTION", parameters };
    }
    default:
      return trigger satisfies never;
  }
}

export function writeStep(step: Step, scope: ExportScope): Written {
  switch (step.type) {
    case "action":
      return { type: "ACTION/CUSTOM", parameters: writeAction(step, scope) };
    case "integrationRequest": {
      const url = toSource(step.path, scope);
      const parameters = { actionType: step.integration, url, ...writeCall(step, scope) };
      return { type: "ACTION/CUSTOM_INTEGRATION_REQUEST", parameters };
    }
    case "request": {
      const authorization = writeAuthorization(step.authorization, scope);
      const parameters = {
        url: toSource(step.url, scope),
        ...writeCall(step, scope),
        ...(authorization && { authorization }),
      };
      return { type: "ACTION/REQUEST", parameters };
    }
    case "function":
      return { type: "ACTION/FUNCTION", parameters: writeFunction(step, scope) };
    case "conditional":
      return { type: "TRANSITION/IFELSE", parameters: { choices: writeChoices(step, scope) } };
    case "fanOut": {
      if (step.concurrency !== 10) {
        scope.note(`runs ${step.concurrency} items at a time here; Paragon has no such setting.`);
      }
      const parameters = { iterator: toSource(step.items, scope), nextToIterate: step.each };
      return { type: "TRANSITION/MAP", parameters };
    }
    case "delay":
      scope.note("is a delay; Paragon has not published the form of delays. Check it there.");
      return {
        type: "TRANSITION/DELAY",
        parameters: { value: toNumber(step.value, scope), unit: step.unit.toUpperCase() },
      };
    case "response":
      scope.note("is a response; Paragon has not published the form of responses. Check it there.");
      return { type: "ACTION/RESPONSE", parameters: writeResponse(step, scope) };
    default:
      return step satisfies never;
  }
}

function writeAction(step: Of<"action">, scope: ExportScope): Record<string, unknown> {
  const intent = scope.mapping.toIntent(step.integration, step.action);
  if (intent === undefined) {
    scope.note(`runs ${step.action} of ${step.integration}, whose intent in Paragon is not known.`);
  }
  return {
    intent: intent ?? step.action,
    actionType: step.integration,
    credentials: [],
    actionParameters: toKeyed(step.input, scope) ?? [],
    ...writeFallible(step, scope),
  };
}

function writeFallible(
  step: Call | Of<"action" | "function">,
  scope: ExportScope,
): { ignoreFailure: boolean; retryOnFailure: boolean } {
  const { delaysMs } = step.retry;
  const isDefault = String(delaysMs) === String(defaultRetry.delaysMs);
  if (delaysMs.length > 0 && !isDefault) {
    scope.note("is tried again at times of its own; Paragon knows only its own times, or never.");
  }
  return { ignoreFailure: step.continueOnFailure, retryOnFailure: delaysMs.length > 0 };
}

function writeFunction(step: Of<"function">, scope: ExportScope): Record<string, unknown> {
  if (step.language === "typescript") {
    scope.note("is written in TypeScript; Paragon runs JavaScript. Take the types out there.");
  }
  if (step.timeoutMs !== 5000 || step.memoryMb !== 128) {
    scope.note(
      `may take ${step.timeoutMs} ms and ${step.memoryMb} MB here; Paragon has no such setting.`,
    );
  }
  const parameters = toKeyed(step.parameters, scope) ?? [];
  return { parameters, code: step.code, ...writeFallible(step, scope) };
}

function writeCall(step: Call, scope: ExportScope): Record<string, unknown> {
  if (step.pagination !== undefined) {
    scope.note("follows pages; Paragon has not published the form of it. Set pagination there.");
  }
  if (step.idempotent) scope.note("is marked idempotent, which Paragon does not know.");
  const { bodyType } = step;
  return {
    httpMethod: step.method,
    params: namedToKeyed(step.query, scope),
    headers: namedToKeyed(step.headers, scope),
    body: bodyType === "none" ? [] : writeBody(step.body, scope),
    bodyType:
      bodyType === "none" ? "json" : bodyType === "urlencoded" ? "x-www-form-urlencoded" : bodyType,
    ...writeFallible(step, scope),
  };
}

/** Fields are evidenced; anything else is written as one source. */
function writeBody(body: unknown, scope: ExportScope): ParagonKeyed | ParagonSource {
  if (body === undefined) return [];
  const fields = toKeyed(body, scope);
  if (fields !== undefined && fields.length > 0) return fields;
  scope.note("has a body that is no object of fields; its form in Paragon is not known. Check it.");
  return toSource(body, scope);
}

function writeAuthorization(
  authorization: Authorization,
  scope: ExportScope,
): Record<string, unknown> | undefined {
  const { type } = authorization;
  if (type === "none") return undefined;
  scope.note("has an authorization; Paragon has not published the compiled form. Check it there.");
  switch (type) {
    case "bearer":
      return { type, token: toSource(authorization.token, scope) };
    case "basic":
      return {
        type,
        username: toSource(authorization.username, scope),
        password: toSource(authorization.password, scope),
      };
    case "query":
      return { type, params: namedToKeyed(authorization.params, scope) };
    case "header":
      return { type, headers: namedToKeyed(authorization.headers, scope) };
    case "oauthClientCredentials":
      scope.note("authorizes with OAuth client credentials, which are left out. Set them there.");
      return undefined;
    default:
      return authorization satisfies never;
  }
}

function writeChoices(step: Of<"conditional">, scope: ExportScope): Record<string, unknown>[] {
  if (step.branches.length > 1) {
    scope.note(`has ${step.branches.length + 1} branches; Paragon's editor shows two.`);
  }
  const { label, next } = step.otherwise;
  return [
    ...step.branches.map((branch) => ({
      conditionWrapper: toCondition(branch.condition, scope),
      isDefault: false,
      label: branch.label,
      next: branch.next,
    })),
    { isDefault: true, label, next },
  ];
}

function writeResponse(step: Of<"response">, scope: ExportScope): Record<string, unknown> {
  return {
    responseType: step.responseType === "file" ? "FILE" : "JSON",
    statusCode: toNumber(step.status, scope),
    headers: namedToKeyed(step.headers, scope),
    ...(step.body !== undefined && {
      body: toKeyed(step.body, scope) ?? toSource(step.body, scope),
    }),
  };
}

function toNumber(value: number | string, scope: ExportScope): number | ParagonSource {
  return typeof value === "number" ? value : toSource(value, scope);
}
