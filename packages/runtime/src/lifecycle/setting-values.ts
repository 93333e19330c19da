import * as z from "zod";
import type { SettingInput } from "./user-setting.ts";

/** A value that does not fit its input. */
export interface SettingFailure {
  inputId: string;
  message: string;
}

const text = z.string().max(20_000);
const scalar = z.union([z.string().max(20_000), z.number(), z.boolean()]);
const json = z.json();

const Combo = z.looseObject({
  mainInput: z.json().optional(),
  dependentInput: z.json().optional(),
  fieldMappings: z.json().optional(),
});
const FieldMapping = z.looseObject({ objectMapping: z.json().optional() });

function schemaOf(input: SettingInput): z.ZodType {
  switch (input.type) {
    case "TEXT_NO_VARS":
    case "TEXTAREA_NO_VARS":
    case "PASSWORD":
      return text;
    case "NUMBER":
      // Forms send what was typed.
      return z.union([z.number(), z.string().trim().min(1).transform(Number).pipe(z.number())]);
    case "EMAIL":
      return z.email().max(320);
    case "URL":
      return z.url({ protocol: /^https?$/ }).max(4000);
    case "BOOLEAN_INPUT":
    case "SWITCH":
    case "PERMISSION":
      return z.boolean();
    case "ENUM":
      return scalar.refine((value) => input.values.some((one) => one.value === value), {
        error: `must be one of: ${input.values.map((one) => String(one.value)).join(", ")}`,
      });
    case "DYNAMIC_ENUM":
    case "CUSTOM_DROPDOWN":
      return scalar;
    case "COMBO_INPUT":
    case "DYNAMIC_COMBO_INPUT":
      return Combo;
    case "FIELD_MAPPER":
      return FieldMapping;
    case "FILE":
      return json;
    case "COPYABLE_BUTTON_INPUT":
      return z.json();
    default:
      return input satisfies never;
  }
}

/** Nothing was filled in; a switch that is off was. */
export function isEmptySetting(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * Checks settings against their inputs.
 *
 * - Empty values are left out; whether required ones are there is {@link missingSettings}'.
 * - Values of inputs that no longer exist are left out where `stored` has them, and refused else.
 */
export function checkSettings(
  inputs: readonly SettingInput[],
  given: Readonly<Record<string, unknown>>,
  stored: Readonly<Record<string, unknown>>,
): { settings: Record<string, unknown>; failures: SettingFailure[] } {
  const byId = new Map(inputs.map((input) => [input.id, input]));
  const entries: [string, unknown][] = [];
  const failures: SettingFailure[] = [];
  for (const [inputId, value] of Object.entries(given)) {
    const input = byId.get(inputId);
    if (input === undefined) {
      if (Object.hasOwn(stored, inputId)) continue;
      failures.push({ inputId, message: `There is no input "${inputId}".` });
      continue;
    }
    if (isEmptySetting(value)) continue;
    const parsed = schemaOf(input).safeParse(value);
    if (parsed.success) {
      entries.push([inputId, parsed.data]);
      continue;
    }
    const reason = parsed.error.issues[0]?.message ?? "is not valid";
    failures.push({ inputId, message: `"${input.title}": ${reason}.` });
  }
  return { settings: Object.fromEntries(entries), failures };
}

/** Required inputs without a value, by title. */
export function missingSettings(
  inputs: readonly SettingInput[],
  settings: Readonly<Record<string, unknown>>,
): string[] {
  return inputs
    .filter(({ required, type }) => required && type !== "COPYABLE_BUTTON_INPUT")
    .filter(({ id }) => !Object.hasOwn(settings, id) || isEmptySetting(settings[id]))
    .map(({ title }) => title);
}
