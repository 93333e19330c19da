import { callFindings, headerFindings, requestFindings } from "./call-problems.ts";
import type { Step, Trigger } from "./definition.ts";
import { inputFindings } from "./input-problems.ts";
import { type Finding, type ProblemContext, quote } from "./problem.ts";
import { isAlwaysText, literalOf } from "./template.ts";
import { conditionFindings, listFindings } from "./value-problems.ts";

/** What is wrong with a step's own fields; references in them are checked elsewhere. */
export function stepFindings(
  step: Step,
  trigger: Trigger | undefined,
  context: ProblemContext,
): Finding[] {
  switch (step.type) {
    case "action":
      return actionFindings(step, context);
    case "integrationRequest":
      return [...knownIntegration(step.integration, context), ...callFindings(step)];
    case "request":
      return [...requestFindings(step), ...callFindings(step)];
    case "function":
      return step.code.trim() === ""
        ? [{ code: "empty_code", field: "/code", text: "has no code. Write a function." }]
        : [];
    case "conditional":
      return conditionalFindings(step);
    case "fanOut":
      return listFindings(step.items, "/items");
    case "delay":
      return delayFindings(step);
    case "response":
      return responseFindings(step, trigger);
    default:
      return step satisfies never;
  }
}

type Of<Type extends Step["type"]> = Extract<Step, { type: Type }>;

function actionFindings(step: Of<"action">, context: ProblemContext): Finding[] {
  const unknown = knownIntegration(step.integration, context);
  if (unknown.length > 0) return unknown;
  const action = context.findAction(step.integration, step.action);
  if (action !== undefined) return inputFindings(step.input, action.input);
  const text = `runs ${quote(step.action)}, which is no action of ${quote(step.integration)}. Choose another.`;
  return [{ code: "unknown_action", field: "/action", text }];
}

function knownIntegration(integration: string, context: ProblemContext): Finding[] {
  if (context.hasIntegration(integration)) return [];
  const text = `uses the integration ${quote(integration)}, which the project does not have. Add it or choose another.`;
  return [{ code: "unknown_integration", field: "/integration", text }];
}

function conditionalFindings(step: Of<"conditional">): Finding[] {
  const labels = [...step.branches.map(({ label }) => label), step.otherwise.label];
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const [index, label] of labels.entries()) {
    if (seen.has(label)) {
      const field = index < step.branches.length ? `/branches/${index}/label` : "/otherwise/label";
      const text = `has two branches called ${quote(label)}. Rename one, so that results tell them apart.`;
      findings.push({ code: "duplicate_label", field, text, severity: "warning" });
    }
    seen.add(label);
  }
  const conditions = step.branches.flatMap(({ condition }, index) =>
    conditionFindings(condition, `/branches/${index}/condition`),
  );
  return [...findings, ...conditions];
}

function delayFindings({ value }: Of<"delay">): Finding[] {
  const literal = typeof value === "string" ? literalOf(value)?.trim() : undefined;
  if (literal === undefined || /^\d{1,15}(\.\d{1,9})?$/.test(literal)) return [];
  const text = `waits for ${quote(literal)}, which is no number. Give a number or a reference to one.`;
  return [{ code: "invalid_value", field: "/value", text }];
}

function responseFindings(step: Of<"response">, trigger: Trigger | undefined): Finding[] {
  const findings: Finding[] = headerFindings(step.headers, "/headers");
  if (trigger !== undefined && trigger.type !== "request") {
    const text =
      "answers a request, but the workflow does not start with one. Use a request trigger or remove it.";
    findings.push({ code: "response_without_request", field: "", text });
  }
  const status = typeof step.status === "string" ? literalOf(step.status)?.trim() : undefined;
  if (status !== undefined && !/^[2-5]\d\d$/.test(status)) {
    const text = `has the status ${quote(status)}. Give a number from 200 to 599 or a reference to one.`;
    findings.push({ code: "invalid_value", field: "/status", text });
  }
  return [...findings, ...fileFindings(step)];
}

function fileFindings({ responseType, body }: Of<"response">): Finding[] {
  if (responseType !== "file") return [];
  if (body === undefined) {
    return [
      {
        code: "missing_body",
        field: "/body",
        text: "answers with a file but has none. Refer to a file.",
      },
    ];
  }
  const isFile = typeof body === "string" ? !isAlwaysText(body) : isObject(body);
  if (isFile) return [];
  const text = "answers with a file, but its body is something else. Use one reference to a file.";
  return [{ code: "invalid_body", field: "/body", text }];
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
