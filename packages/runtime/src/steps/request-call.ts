import { asText, parseResolved, ResolvedValues, toQuery } from "./request-values.ts";
import type { StepExecutor } from "../step-executor.ts";
import { StepFailure } from "../step-failure.ts";
import { isReading } from "../http/guarded-failure.ts";
import * as z from "zod";
import { type Body, type CallStep, toBody } from "./body.ts";
import { type Headers, toHeaders } from "./request-headers.ts";

/** The request of a step, as far as all steps that send one have it. */
export interface Call {
  query: [name: string, value: string][];
  headers: Headers;
  body: Body["content"];
  /** The step wants the answer as a file, whatever it is. */
  asFile: boolean;
}

const ResolvedCall = z.object({
  query: ResolvedValues,
  headers: ResolvedValues,
  body: z.unknown().optional(),
});

/** In Paragon's workflows: the answer is a file. Nothing for the receiver. */
const fileHeader = "x-paragon-encoding";

/**
 * The request of what a step's fields resolved to.
 *
 * @param idempotencyKey is sent unless the step sends one of its own; each page has another one.
 */
export function toCall(
  step: CallStep,
  input: Record<string, unknown>,
  { idempotencyKey, page }: { idempotencyKey: string; page: number },
): Call {
  const resolved = parseResolved(ResolvedCall, input);
  const { [fileHeader]: encoding, ...headers } = toHeaders(resolved.headers);
  const { content, contentType } = toBody(step.bodyType, resolved.body);
  if (contentType !== undefined) headers["content-type"] ??= contentType;
  headers["idempotency-key"] ??= page === 1 ? idempotencyKey : `${idempotencyKey}:${page}`;
  return { query: toQuery(resolved.query), headers, body: content, asFile: encoding !== undefined };
}

/** A field of the input that must be a text. Throws StepFailure where it resolved to nothing. */
export function readTextField(input: Record<string, unknown>, name: string): string {
  const text = asText(input[name])?.trim() ?? "";
  if (text !== "") return text;
  throw new StepFailure("invalid_input", `${name}: must be a text, got nothing.`);
}

/** What sending a step's request may do. */
export function effectOfCall({
  method,
  idempotent,
}: CallStep): ReturnType<StepExecutor["effectOf"]> {
  if (isReading(method)) return { effect: "read", repeatable: true };
  if (method === "DELETE") return { effect: "destroy", repeatable: true };
  return { effect: "write", repeatable: method === "PUT" || idempotent };
}
