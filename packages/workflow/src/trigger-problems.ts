import type { Trigger } from "./definition.ts";
import { inputFindings } from "./input-problems.ts";
import { type Finding, type ProblemContext, quote } from "./problem.ts";
import { checkCron, isTimeZone } from "./schedule.ts";
import { literalOf } from "./template.ts";
import { conditionFindings } from "./value-problems.ts";

/** What is wrong with a trigger's own fields; references in them are checked elsewhere. */
export function triggerFindings(trigger: Trigger, context: ProblemContext): Finding[] {
  switch (trigger.type) {
    case "event":
      if (context.events.has(trigger.event)) return [];
      return [
        {
          code: "unknown_event",
          field: "/event",
          text: `waits for the app event ${quote(trigger.event)}, which does not exist. Add it to the app events or choose another.`,
        },
      ];
    case "schedule":
      return scheduleFindings(trigger);
    case "integration":
      return integrationFindings(trigger, context);
    case "request":
    case "enabled":
      return [];
    default:
      return trigger satisfies never;
  }
}

function scheduleFindings({ cron, timeZone }: Extract<Trigger, { type: "schedule" }>): Finding[] {
  const findings: Finding[] = [];
  const fault = checkCron(cron);
  if (fault !== undefined) {
    findings.push({
      code: "invalid_cron",
      field: "/cron",
      text: `has no usable schedule. ${fault}`,
    });
  }
  const zone = literalOf(timeZone);
  if (zone !== undefined && !isTimeZone(zone)) {
    const text = `has the time zone ${quote(zone)}, which does not exist. Use an IANA name such as Europe/Berlin.`;
    findings.push({ code: "invalid_time_zone", field: "/timeZone", text });
  }
  return findings;
}

function integrationFindings(
  { trigger, input, condition }: Extract<Trigger, { type: "integration" }>,
  context: ProblemContext,
): Finding[] {
  const found = context.findTrigger(context.integration ?? "", trigger);
  if (found !== undefined) {
    const ofCondition = condition === undefined ? [] : conditionFindings(condition, "/condition");
    return [...inputFindings(input, found.input), ...ofCondition];
  }
  const text = `waits for ${quote(trigger)}, which is no trigger of this integration. Choose another.`;
  return [{ code: "unknown_trigger", field: "/trigger", text }];
}
