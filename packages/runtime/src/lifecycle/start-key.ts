import * as z from "zod";
import { parseInput } from "./parse-input.ts";

const IdempotencyKey = z.string().min(1).max(500);

/** A caller's idempotency key; throws `invalid_request`. */
export function keyOf(idempotencyKey: string | undefined): string | undefined {
  if (idempotencyKey === undefined) return undefined;
  return parseInput(IdempotencyKey, idempotencyKey, "idempotencyKey");
}
