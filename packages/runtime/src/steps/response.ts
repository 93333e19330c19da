import { File as FileValue, type Step } from "@tenon/workflow";
import * as z from "zod";
import type { Reply } from "../run.ts";
import type { StepContext, StepExecutor } from "../step-executor.ts";
import { StepFailure } from "../step-failure.ts";
import { readFileValue } from "./body.ts";
import { toHeaders } from "./request-headers.ts";
import { parseResolved, ResolvedValues } from "./request-values.ts";

type ResponseStep = Extract<Step, { type: "response" }>;

const maxBodyBytes = 10 * 1024 * 1024;

const Resolved = z.object({
  status: z.coerce.number().int().min(200).max(599),
  headers: ResolvedValues,
  body: z.unknown().optional(),
});

/** Would act on everything that is served from Tenon's own address. */
const notOurs: ReadonlySet<string> = new Set([
  "clear-site-data",
  "service-worker-allowed",
  "set-cookie",
  "set-cookie2",
  "strict-transport-security",
]);

/** Creates what makes the reply to a request trigger's caller: the step's output is the reply. */
export function createResponseExecutor(): StepExecutor<ResponseStep> {
  return {
    effectOf: () => ({ effect: "read", repeatable: true }),
    run: async (context) => toReply(context),
  };
}

function toReply({ planned, input }: StepContext<ResponseStep>): Reply {
  const { status, headers: named, body } = parseResolved(Resolved, input);
  const headers = toHeaders(named);
  for (const name of Object.keys(headers)) {
    if (notOurs.has(name)) {
      throw new StepFailure("invalid_input", `The header "${name}" cannot be set by a response.`);
    }
  }
  if (planned.step.responseType === "file") return { status, headers, file: toFile(body) };
  if (body === undefined) return { status, headers };
  assertSize(Buffer.byteLength(JSON.stringify(body)));
  return { status, headers, body };
}

function toFile(body: unknown): NonNullable<Reply["file"]> {
  const parsed = FileValue.safeParse(body);
  if (!parsed.success) {
    throw new StepFailure(
      "invalid_input",
      "The body of a file response must be a file of an earlier step, such as {{1.body.file}}.",
    );
  }
  const { name, mimeType, data } = parsed.data;
  assertSize(readFileValue(parsed.data).length);
  return { name, mimeType, data };
}

function assertSize(bytes: number): void {
  if (bytes <= maxBodyBytes) return;
  throw new StepFailure(
    "invalid_input",
    `The response has ${bytes} bytes; ${maxBodyBytes} are the most. Answer with a link instead.`,
  );
}
