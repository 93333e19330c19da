import { File as FileValue, type Step } from "@tenon/workflow";
import { StepFailure } from "../step-failure.ts";
import { encodeFields } from "./body-urlencoded.ts";
import { asText } from "./request-values.ts";

/** A step that sends one request. */
export type CallStep = Extract<Step, { type: "request" | "integrationRequest" }>;

export interface Body {
  content: string | Uint8Array | FormData | undefined;
  /** What to announce unless the step says otherwise; of a form, only its encoding knows it. */
  contentType?: string;
}

/** The body of a request, of what the step's `body` resolved to. Throws StepFailure. */
export function toBody(bodyType: CallStep["bodyType"], value: unknown): Body {
  if (value === undefined) return { content: undefined };
  switch (bodyType) {
    case "none":
      return { content: undefined };
    case "json":
      return { content: toJson(value), contentType: "application/json" };
    case "urlencoded":
      return {
        content: encodeFields(toFields(value, bodyType)),
        contentType: "application/x-www-form-urlencoded",
      };
    case "form-data":
      return { content: toForm(toFields(value, bodyType)) };
    case "xml":
      return { content: toPlainText(value, "XML"), contentType: "application/xml" };
    case "raw":
      return toRaw(value);
    default:
      return bodyType satisfies never;
  }
}

/** Of either alphabet (RFC 4648 §4 and §5), with or without padding. */
const base64 = /^[\w+/\s-]*={0,2}\s*$/;

/** The bytes of a file value. Throws StepFailure where its data is no base64. */
export function readFileValue({ data, name }: FileValue): Uint8Array<ArrayBuffer> {
  // Buffer skips what is no base64; a file that lost some of its bytes must not be sent.
  if (base64.test(data)) return Buffer.from(data, "base64");
  throw new StepFailure("invalid_input", `The data of the file "${name}" is not base64.`);
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new StepFailure("invalid_input", "The body cannot be written as JSON.", { cause });
  }
}

function toFields(value: unknown, bodyType: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  throw new StepFailure(
    "invalid_input",
    `The body of type ${bodyType} must be an object of fields, but is ${kind}.`,
  );
}

/** A list is its name repeated, as browsers send several files of one field. */
function toForm(fields: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) appendField(form, name, one);
  }
  return form;
}

function appendField(form: FormData, name: string, value: unknown): void {
  const file = FileValue.safeParse(value);
  if (file.success) {
    const { mimeType: type, name: fileName } = file.data;
    form.append(name, new Blob([readFileValue(file.data)], { type }), fileName);
    return;
  }
  const text = asText(value);
  if (text !== undefined) form.append(name, text);
}

function toPlainText(value: unknown, kind: string): string {
  const text = typeof value === "object" ? undefined : asText(value);
  if (text !== undefined) return text;
  throw new StepFailure(
    "invalid_input",
    `The ${kind} body must be a text, but is ${toJson(value)}.`,
  );
}

function toRaw(value: unknown): Body {
  const file = FileValue.safeParse(value);
  if (!file.success) {
    return { content: toPlainText(value, "raw"), contentType: "text/plain; charset=utf-8" };
  }
  return { content: readFileValue(file.data), contentType: file.data.mimeType };
}
