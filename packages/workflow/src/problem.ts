import type * as z from "zod";

/** All that can be wrong with a workflow. Codes are stable: callers may tell problems apart by them. */
export const problemCodes = [
  "invalid_definition",
  "too_large",
  "too_many_steps",
  "duplicate_id",
  "unknown_step",
  "cycle",
  "named_twice",
  "unreachable",
  "invalid_template",
  "unknown_reference",
  "downstream_reference",
  "sibling_branch_reference",
  "instance_outside_fan_out",
  "unknown_field",
  "unknown_secret",
  "unknown_setting",
  "self_outside_pagination",
  "access_token_outside_request",
  "secret_in_trigger",
  "unknown_event",
  "unknown_integration",
  "unknown_action",
  "unknown_trigger",
  "missing_input",
  "invalid_input",
  "unknown_input",
  "response_without_request",
  "invalid_cron",
  "invalid_time_zone",
  "invalid_url",
  "invalid_header",
  "invalid_authorization",
  "missing_body",
  "invalid_body",
  "unused_body",
  "empty_code",
  "invalid_code",
  "missing_argument",
  "duplicate_label",
  "invalid_value",
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Something that is wrong with a workflow, and what to do about it. */
export interface Problem {
  code: ProblemCode;
  /** The trigger's or a step's id; null where it is unknown or none in particular is meant. */
  stepId: string | null;
  /** JSON pointer inside the step or trigger, empty for all of it; without a step, inside the whole. */
  field: string;
  /** Names the step by number and title. */
  message: string;
  /** A workflow with errors cannot be deployed. */
  severity: "error" | "warning";
}

/** What there is in the project for a workflow to name. */
export interface ProblemContext {
  events: ReadonlySet<string>;
  secrets: ReadonlySet<string>;
  workflowSettings: ReadonlySet<string>;
  integrationSettings: ReadonlySet<string>;
  /** The integration that the workflow belongs to: its triggers are the ones it can start with. */
  integration?: string;
  findAction(integration: string, action: string): { input: z.ZodObject } | undefined;
  findTrigger(integration: string, trigger: string): { input: z.ZodObject } | undefined;
  hasIntegration(id: string): boolean;
}

/** The trigger or step that a problem is about. */
export interface Subject {
  id: string | null;
  /** As people see it, 1 for the trigger. */
  number: number;
  title: string | undefined;
}

/** A fault found in one place of a step: `text` goes on after the step's name. */
export interface Finding {
  code: ProblemCode;
  field: string;
  text: string;
  severity?: "warning";
}

/** The problem that a finding is in its step. */
export function toProblem(subject: Subject, finding: Finding): Problem {
  const { code, field, text, severity = "error" } = finding;
  const message = cut(`${nameSubject(subject)} ${text}`, 1000);
  return { code, stepId: subject.id, field, message, severity };
}

/** `Step 3 "Create page"`. */
export function nameSubject({ number, title }: Omit<Subject, "id">): string {
  const name = number === 1 ? "The trigger (1)" : `Step ${number}`;
  return title === undefined || title === "" ? name : `${name} ${quote(title)}`;
}

/** A text of the user's in quotes, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(cut(text, 80));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
