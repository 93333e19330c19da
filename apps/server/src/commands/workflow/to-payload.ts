import * as z from "zod";
import { UsageError } from "../usage.ts";

const Payload = z.record(z.string(), z.unknown());

/** What an app event is sent with; nothing given is an empty one. */
export function toPayload(input: unknown): Record<string, unknown> {
  const payload = Payload.safeParse(input ?? {});
  if (payload.success) return payload.data;
  throw new UsageError("The payload of an event is a JSON object.");
}
