import { type EndpointInput, wireWorkflows as wire } from "@tenon/contract";
import type { Engine, Reply, StartedRun, Starts } from "@tenon/runtime";
import type { FastifyInstance, FastifyReply } from "fastify";
import { httpError } from "../http/errors.ts";
import { createParseJson } from "../http/parse-json.ts";
import type { Callers } from "../identity/callers.ts";
import { readTriggerBody } from "./read-trigger-body.ts";
import { type UserRequest, withUser } from "./serve-user.ts";
import { toSelector, toUser } from "./serve-workflows.ts";

interface Services {
  callers: Callers;
  starts: Starts;
  engine: Pick<Engine, "waitForReply">;
}

type Input = EndpointInput<typeof wire.triggerWorkflow>;

/** How long a caller is kept waiting for a Response step. */
const maxWaitMs = 55_000;

/**
 * Serves calls of workflows with a request trigger, of any content type.
 *
 * - The run is durable before anybody waits for it. A caller who goes away gives up the wait, never
 *   the run.
 * - The answer to a call with an `Idempotency-Key` that was used before is that of its run.
 */
export async function serveRequestTriggers(
  app: FastifyInstance,
  services: Services,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    const serve = withUser(scope, services.callers);
    const parseJson = createParseJson(scope);

    serve(wire.triggerWorkflow, async (input, exchange) => {
      const { request, reply } = exchange;
      const read = await readTriggerBody({
        bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        contentType: request.headers["content-type"],
        contentDisposition: request.headers["content-disposition"],
        parseJson: (text) => parseJson(request, text),
      });
      const submittedAt = new Date();
      const run = await startRun(services.starts, input, { ...exchange, read });
      const facts = toFacts(input, run, submittedAt);
      if (!run.hasResponseStep) return { message: "Workflow has been enqueued.", ...facts };
      return answerWithReply(services.engine, {
        runId: run.runId,
        waitMs: readWaitMs(input.headers.prefer),
        facts,
        reply,
      });
    });
  });
}

function startRun(
  starts: Starts,
  { params, headers }: Input,
  { caller, request, read }: UserRequest & { read: Awaited<ReturnType<typeof readTriggerBody>> },
) {
  return starts.callWorkflow(toUser(caller), {
    workflowId: params.workflowId,
    selector: toSelector(headers),
    method: request.method,
    headers: request.headers,
    params: request.query as Record<string, string | string[]>,
    idempotencyKey: headers["idempotency-key"],
    ...read,
  });
}

function toFacts({ params }: Input, { runId }: StartedRun, submittedAt: Date) {
  return {
    dateSubmitted: submittedAt.toISOString(),
    projectId: params.projectId,
    workflowId: params.workflowId,
    executionId: runId,
  };
}

interface Waiting {
  runId: string;
  waitMs: number;
  facts: ReturnType<typeof toFacts>;
  reply: FastifyReply;
}

/** Waits for the run's Response step and answers with it. */
async function answerWithReply(
  engine: Services["engine"],
  { runId, waitMs, facts, reply }: Waiting,
) {
  const gone = new Promise<{ kind: "gone" }>((resolve) => {
    reply.raw.once("close", () => resolve({ kind: "gone" }));
  });
  const outcome = await Promise.race([engine.waitForReply(runId, waitMs), gone]);
  switch (outcome.kind) {
    case "reply":
      await sendReply(reply, outcome.reply);
      break;
    case "timeout":
      await reply
        .code(542)
        .send({ message: "Workflow has been enqueued but has not completed.", ...facts });
      break;
    case "ended":
      if (outcome.status !== "succeeded") {
        throw httpError(
          "run_failed",
          `The run ${outcome.status === "cancelled" ? "was cancelled" : "failed"} before its Response step. Look at run ${runId}.`,
          { details: { runId, status: outcome.status } },
        );
      }
      break;
    case "gone":
      reply.hijack();
  }
  return { message: "Workflow has completed without a response.", ...facts };
}

/** The answer that the workflow's Response step made. */
async function sendReply(reply: FastifyReply, made: Reply): Promise<void> {
  reply.code(made.status);
  for (const [name, value] of Object.entries(made.headers)) {
    if (!ownHeaders.test(name)) reply.header(name, value);
  }
  reply.header("x-content-type-options", "nosniff");
  const isEmpty = made.body === undefined && made.file === undefined;
  if (isEmpty || made.status === 204 || made.status === 304) {
    await reply.send();
    return;
  }
  if (made.file) {
    const { name, mimeType, data } = made.file;
    reply.header("content-type", mimeType);
    if (!reply.hasHeader("content-disposition")) {
      const encoded = encodeURIComponent(name);
      reply.header("content-disposition", `attachment; filename*=UTF-8''${encoded}`);
    }
    await reply.send(Buffer.from(data, "base64"));
    return;
  }
  if (!reply.hasHeader("content-type")) reply.type("application/json; charset=utf-8");
  const isText = typeof made.body === "string" && !isJson(reply.getHeader("content-type"));
  await reply.send(isText ? made.body : JSON.stringify(made.body));
}

/** Framing, and what says who may read the answer, are the server's own. */
const ownHeaders =
  /^(connection|content-(length|encoding)|transfer-encoding|keep-alive|upgrade|trailer|te|date|access-control-.*|x-tenon-.*)$/i;

function isJson(contentType: unknown): boolean {
  return /[/+]json\b/i.test(String(contentType));
}

/** `Prefer: wait=<seconds>` of RFC 7240, in milliseconds. */
function readWaitMs(prefer: string | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? maxWaitMs : Math.min(maxWaitMs, Number(seconds) * 1000);
}
