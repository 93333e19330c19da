import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Action,
  type ActionContext,
  AppError,
  type Connector,
  type FileContent,
  ProviderError,
} from "@tenon/connector";
import type { Step } from "@tenon/workflow";
import * as z from "zod";
import { NotBegun } from "../engine/once.ts";
import type { GuardedHttp } from "../http/create-guarded-http.ts";
import { nameTarget } from "../http/target-url.ts";
import type { StepContext, StepExecutor } from "../step-executor.ts";
import { StepFailure, type StepFailureCode, stepFailureCodes } from "../step-failure.ts";
import { createActionClient } from "./action-client.ts";
import { invalidInput, parseActionInput } from "./action-input.ts";
import { cutLists } from "./cut-lists.ts";
import { findConnector, type ProviderAccess } from "./integration-request.ts";
import { fromProviderError } from "./provider-failure.ts";
import { nameFromPath, readFileName, readType } from "./request-answer.ts";
import { toStatusFailure } from "./request-failure.ts";

type ActionStep = Extract<Step, { type: "action" }>;

export interface ActionExecutorOptions extends ProviderAccess {
  /** For downloads. */
  http: GuardedHttp;
}

/** Creates what runs the connectors' actions. */
export function createActionExecutor(options: ActionExecutorOptions): StepExecutor<ActionStep> {
  return {
    effectOf(step) {
      const action = options.connectors
        .get(step.integration)
        ?.actions.find(({ id }) => id === step.action);
      // What is not there fails before it does anything.
      if (action === undefined) return { effect: "read", repeatable: true };
      return { effect: action.effect, repeatable: !isOnceOnly(action) };
    },
    async run(context) {
      const { step } = context.planned;
      const connector = findConnector(options, step.integration);
      const action = findAction(connector, step.action);
      const input = await parseActionInput(action.input, context.input["input"], action.title);
      const actionContext = toActionContext(options, context, { connector, action, input });
      const result = await runAction(action, actionContext, connector);
      const output = parseOutput(action, result);
      return context.owner.test ? cutLists(output) : output;
    },
  };
}

/** Doing it twice is not the same as doing it once. */
function isOnceOnly({ effect, repeatable = false }: Action): boolean {
  return effect === "write" && !repeatable;
}

function findAction({ id, title, actions }: Connector, actionId: string): Action {
  const action = actions.find((one) => one.id === actionId);
  if (action !== undefined) return action;
  throw new StepFailure(
    "action_not_found",
    `${title} has no action "${actionId}" in this Tenon. Choose one of ${id}'s actions.`,
  );
}

function toActionContext(
  { client, http }: ActionExecutorOptions,
  context: StepContext<ActionStep>,
  { connector, action, input }: { connector: Connector; action: Action; input: unknown },
): ActionContext<Record<string, unknown>> {
  const { signal, idempotencyKey, owner } = context;
  const isRead = action.effect === "read";
  const parts = new AsyncLocalStorage<true>();
  const nameWrite = createWriteNames();
  return {
    // Parsed with the action's own schema.
    input: input as Record<string, unknown>,
    client: createActionClient({
      client,
      connector,
      connectionId: owner.connectionId,
      signal,
      isRead,
      // A part is journalled as a whole; what is written outside of one is a part of its own.
      ...(isOnceOnly(action) && {
        journal: (request, send) =>
          parts.getStore() ? send() : context.once(nameWrite(request), send),
      }),
    }),
    signal,
    idempotencyKey,
    once: (name, part, check) =>
      context.once(name, () => parts.run(true, part), check && (() => parts.run(true, check))),
    download: (url) => download(http, url, signal),
  };
}

/** Names writes alike in every attempt, however many of the parts around them are done already. */
function createWriteNames(): (request: string) => string {
  const counts = new Map<string, number>();
  return (request) => {
    const count = (counts.get(request) ?? 0) + 1;
    counts.set(request, count);
    return count === 1 ? request : `${request} (${count})`;
  };
}

async function download(http: GuardedHttp, url: string, signal: AbortSignal): Promise<FileContent> {
  const answer = await http.send({ method: "GET", url, signal });
  const { headers, status, body } = answer;
  if (status < 200 || status >= 300) {
    throw toStatusFailure(answer, { target: nameTarget(answer.url), method: "GET" });
  }
  return {
    name: readFileName(headers) ?? nameFromPath(answer.url.pathname),
    mimeType: readType(headers).type || "application/octet-stream",
    bytes: body,
  };
}

async function runAction(
  action: Action,
  context: ActionContext<Record<string, unknown>>,
  connector: Connector,
): Promise<unknown> {
  try {
    return await action.run(context);
  } catch (cause) {
    throw toFailure(cause, connector, action);
  }
}

/** What an action throws, as the failure of its step. */
function toFailure(cause: unknown, connector: Connector, action: Action): unknown {
  const isRead = action.effect === "read";
  if (cause instanceof StepFailure || cause instanceof NotBegun) return cause;
  if (cause instanceof ProviderError) return fromProviderError(cause, { connector, isRead });
  // Of a schema that only the connected account knows.
  if (cause instanceof z.ZodError) return invalidInput(cause, action.title);
  if (cause instanceof AppError && (isFailureCode(cause.code) || cause.status < 500)) {
    const code = isFailureCode(cause.code) ? cause.code : "invalid_input";
    const happened = code === "outcome_unknown" ? "unknown" : "no";
    return new StepFailure(code, cause.message, { details: cause.details, happened, cause });
  }
  const message = `"${action.title}" of ${connector.title} failed inside Tenon.`;
  return new StepFailure("internal_error", message, {
    happened: isRead ? "no" : "unknown",
    cause,
  });
}

function isFailureCode(code: string): code is StepFailureCode {
  return Object.hasOwn(stepFailureCodes, code);
}

function parseOutput(action: Action, result: unknown): unknown {
  const parsed = action.output.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new StepFailure(
    "internal_error",
    `"${action.title}" was done, but its output is not what it declares: ${z.prettifyError(parsed.error)}`,
    { cause: parsed.error },
  );
}
