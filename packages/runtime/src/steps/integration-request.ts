import type { ProviderClient } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type { Step } from "@tenon/workflow";
import { isReading } from "../http/guarded-failure.ts";
import type { StepContext, StepExecutor } from "../step-executor.ts";
import { StepFailure } from "../step-failure.ts";
import { runCall } from "./pagination.ts";
import { fromProviderError, sendToProvider, toProviderError } from "./provider-failure.ts";
import { readAnswer, type ResponseValue } from "./request-answer.ts";
import { effectOfCall, readTextField, toCall } from "./request-call.ts";

type IntegrationRequestStep = Extract<Step, { type: "integrationRequest" }>;

/** What steps that speak to providers need. */
export interface ProviderAccess {
  connectors: ReadonlyMap<string, Connector>;
  client: ProviderClient;
}

/** Creates what sends the requests of Integration Request steps, with the run's connection. */
export function createIntegrationRequestExecutor(
  access: ProviderAccess,
): StepExecutor<IntegrationRequestStep> {
  return {
    effectOf: effectOfCall,
    async run(context) {
      const { step } = context.planned;
      const connector = findConnector(access, step.integration);
      return runCall(context, {
        isRepeatable: effectOfCall(step).repeatable,
        send: (input, page) => sendPage(access.client, context, { connector, input, page }),
      });
    },
  };
}

export function findConnector({ connectors }: ProviderAccess, id: string): Connector {
  const connector = connectors.get(id);
  if (connector !== undefined) return connector;
  throw new StepFailure("action_not_found", `This Tenon has no integration "${id}".`);
}

async function sendPage(
  client: ProviderClient,
  { planned: { step }, owner, idempotencyKey, signal }: StepContext<IntegrationRequestStep>,
  {
    connector,
    input,
    page,
  }: { connector: Connector; input: Record<string, unknown>; page: number },
): Promise<ResponseValue> {
  const { method } = step;
  const { query, headers, body, asFile } = toCall(step, input, { idempotencyKey, page });
  const path = readTextField(input, "path");
  const asked = { connector, isRead: isReading(method) };
  const request = { connectionId: owner.connectionId, method, path, query, headers, signal };
  const content = body === undefined ? {} : { body };
  const answer = await sendToProvider(client, asked, { ...request, ...content });
  if (answer.status < 400) return readAnswer(answer, { path, asFile });
  throw fromProviderError(toProviderError(answer, asked), asked);
}
