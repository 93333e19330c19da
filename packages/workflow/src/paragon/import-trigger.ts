import * as z from "zod";
import type { DefinitionInput } from "../definition.ts";
import { ParagonKeyed, ParagonSource, type ParagonStep } from "./compiled-form.ts";
import { fromKeyed, fromSource, type ImportScope } from "./from-source.ts";
import { read, toNext } from "./import-step.ts";

export type TriggerInput = DefinitionInput["trigger"];

type Placed = Pick<TriggerInput, "id" | "title" | "next">;

const ActionParameters = z.object({
  intent: z.string(),
  actionType: z.string(),
  credentials: z.array(z.unknown()).max(0).optional(),
  actionParameters: ParagonKeyed.default([]),
});
const zone = z.union([z.string(), ParagonSource]);
const CronParameters = z.object({
  cron: z.string(),
  timeZone: zone.optional(),
  timezone: zone.optional(),
});
const EventParameters = z.object({ name: z.string() });

const rules = z
  .array(
    z.object({
      key: z.string().min(1),
      required: z.boolean().default(false),
      type: z.enum(["string", "number", "boolean", "object", "array"]).optional(),
      equals: z.string().optional(),
    }),
  )
  .default([]);
const EndpointParameters = z.object({
  allowArbitraryPayload: z.boolean().optional(),
  paramValidations: rules,
  headerValidations: rules,
  bodyValidations: rules,
});

/** Paragon's default, where a schedule names no zone. */
const defaultTimeZone = "America/Los_Angeles";

/** The types of triggers that are understood. Those of Event and Endpoint are not published. */
export const triggerReaders: Readonly<
  Record<string, (step: ParagonStep, placed: Placed, scope: ImportScope) => TriggerInput>
> = {
  "TRIGGER/ACTION": (step, placed, scope) => {
    const { intent, actionParameters } = read(ActionParameters, step, scope);
    const trigger = scope.mapping.toTrigger?.(intent);
    if (trigger === undefined) {
      scope.note(`waits for ${intent}, which is not known here. Choose a trigger for it.`);
    }
    const input = fromKeyed(actionParameters, scope);
    return { ...placed, type: "integration", trigger: trigger ?? intent, input };
  },
  "TRIGGER/CRON": (step, placed, scope) => {
    const { cron, timeZone, timezone } = read(CronParameters, step, scope);
    const zone = timeZone ?? timezone ?? defaultTimeZone;
    const read_ = typeof zone === "string" ? zone : fromSource(zone, scope);
    return { ...placed, type: "schedule", cron, timeZone: z.string().parse(read_) };
  },
  "TRIGGER/INTEGRATION_ENABLED": (step, placed, scope) => {
    read(z.object({}), step, scope);
    return { ...placed, type: "enabled" };
  },
  "TRIGGER/EVENT": (step, placed, scope) => {
    const { name } = read(EventParameters, step, scope);
    scope.note("is read as an app event; Paragon has not published the form of it. Check it.");
    return { ...placed, type: "event", event: name };
  },
  "TRIGGER/ENDPOINT": (step, placed, scope) => {
    const { paramValidations, headerValidations, bodyValidations } = read(
      EndpointParameters,
      step,
      scope,
    );
    scope.note("is read as a request; Paragon has not published the form of it. Check it.");
    const validation = {
      params: paramValidations,
      headers: headerValidations,
      body: bodyValidations,
    };
    return { ...placed, type: "request", validation };
  },
};

/** Where the run goes on after the trigger. */
export function toPlaced(step: ParagonStep, scope: ImportScope): Placed & { next: string | null } {
  // What Paragon's tools write where nobody gave a title.
  const hasTitle = step.description && step.description !== "description";
  const title = hasTitle ? step.description?.slice(0, 200) : step._migrations?.name?.slice(0, 200);
  return {
    id: scope.toStepId(step.id),
    ...(title && { title }),
    next: toNext(step.next, scope),
  };
}
