import { readPath, type Trigger } from "@tenon/workflow";

type RequestTrigger = Extract<Trigger, { type: "request" }>;
type ValueRule = RequestTrigger["validation"]["body"][number];

/** Something of a call that does not meet one of the trigger's rules. */
export interface RuleFailure {
  in: "params" | "headers" | "body";
  key: string;
  message: string;
}

/** A call as runs see it. */
export interface RequestInput {
  method: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  params: Record<string, string | string[]>;
  body: unknown;
}

/** All of a request trigger's rules that a call does not meet. */
export function checkRules(
  { validation }: RequestTrigger,
  { headers, params, body }: RequestInput,
): RuleFailure[] {
  const { params: ofParams, headers: ofHeaders, body: ofBody } = validation;
  return [
    ...ofParams.flatMap((rule) => failureOf(rule, "params", readOwn(params, rule.key))),
    ...ofHeaders.flatMap((rule) =>
      failureOf(rule, "headers", readOwn(headers, rule.key.toLowerCase())),
    ),
    ...ofBody.flatMap((rule) => failureOf(rule, "body", readPath(body, rule.key.split(".")))),
  ];
}

function readOwn(values: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function failureOf(rule: ValueRule, place: RuleFailure["in"], value: unknown): RuleFailure[] {
  const message = faultOf(rule, value, place === "body");
  return message === undefined
    ? []
    : [{ in: place, key: rule.key, message: `${place}.${rule.key} ${message}` }];
}

/** What is wrong with a value, as the end of a sentence. */
function faultOf(rule: ValueRule, value: unknown, isJson: boolean): string | undefined {
  if (value === undefined || value === null || value === "") {
    return rule.required ? "is required" : undefined;
  }
  if (rule.type !== undefined && !hasType(value, rule.type, isJson)) {
    return `must be of type ${rule.type}`;
  }
  if (rule.equals === undefined || toText(value) === rule.equals) return undefined;
  return `must be ${JSON.stringify(rule.equals)}`;
}

/** Params and headers are texts: there a number is a text that reads as one. */
function hasType(value: unknown, type: NonNullable<ValueRule["type"]>, isJson: boolean): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number" || (!isJson && isNumber(value));
    case "boolean":
      return typeof value === "boolean" || (!isJson && (value === "true" || value === "false"));
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return type satisfies never;
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
