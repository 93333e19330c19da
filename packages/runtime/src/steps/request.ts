import { appendQuery } from "@tenon/connections";
import type { Step } from "@tenon/workflow";
import type { GuardedAnswer, GuardedHttp } from "../http/create-guarded-http.ts";
import { nameTarget, parseTarget } from "../http/target-url.ts";
import type { StepContext, StepExecutor } from "../step-executor.ts";
import { runCall } from "./pagination.ts";
import { readAnswer, type ResponseValue } from "./request-answer.ts";
import { type Proof, prove } from "./request-authorization.ts";
import { type Call, effectOfCall, readTextField, toCall } from "./request-call.ts";
import { toStatusFailure } from "./request-failure.ts";
import { createTokenSource, type TokenSource } from "./request-token.ts";

type RequestStep = Extract<Step, { type: "request" }>;

interface RequestContext {
  http: GuardedHttp;
  tokens: TokenSource;
}

/** Creates what sends the requests of Request steps to the public internet. */
export function createRequestExecutor({ http }: { http: GuardedHttp }): StepExecutor<RequestStep> {
  const context: RequestContext = { http, tokens: createTokenSource(http) };
  return {
    effectOf: effectOfCall,
    run(step) {
      return runCall(step, {
        isRepeatable: effectOfCall(step.planned.step).repeatable,
        send: (input, page) => sendPage(context, step, { input, page }),
      });
    },
  };
}

async function sendPage(
  { http, tokens }: RequestContext,
  context: StepContext<RequestStep>,
  { input, page }: { input: Record<string, unknown>; page: number },
): Promise<ResponseValue> {
  const { owner, planned, idempotencyKey, signal } = context;
  const { method } = planned.step;
  const call = toCall(planned.step, input, { idempotencyKey, page });
  const url = parseTarget(readTextField(input, "url"));
  const send = (proof: Proof) => {
    if (proof.secret !== undefined) context.hide("authorization", proof.secret);
    return http.send({ ...toRequest(url, call, proof), method, signal });
  };
  const proof = await prove(input, { tokens, projectId: owner.projectId });
  let answer = await send(proof);
  if (answer.status === 401 && proof.renew !== undefined) answer = await send(await proof.renew());
  return readOrThrow(answer, { method, asFile: call.asFile });
}

function toRequest(
  { origin, pathname, search }: URL,
  { query, headers, body }: Call,
  proof: Proof,
) {
  const url = appendQuery(`${origin}${pathname}${search}`, [...query, ...proof.query]);
  return { url, headers, credentials: proof.credentials, body };
}

function readOrThrow(
  answer: GuardedAnswer,
  { method, asFile }: { method: string; asFile: boolean },
): ResponseValue {
  const { url, status } = answer;
  if (status >= 400) throw toStatusFailure(answer, { target: nameTarget(url), method });
  return readAnswer(answer, { path: url.pathname, asFile });
}
