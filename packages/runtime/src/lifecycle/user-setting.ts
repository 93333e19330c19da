import * as z from "zod";

const common = {
  /** What references name it by: `{{settings.<id>}}`. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - or _"),
  title: z.string().trim().min(1).max(200),
  tooltip: z.string().max(2000).optional(),
  required: z.boolean().default(false),
  placeholder: z.string().max(500).optional(),
};

/** Where choices come from: a picker of the integration's connector. */
const source = {
  sourceType: z.string().min(1).max(200),
  fallbackText: z.string().max(500).optional(),
};

const EnumValue = z.object({
  label: z.string().min(1).max(200),
  value: z.union([z.string().max(1000), z.number(), z.boolean()]),
});

function plain<Type extends string>(type: Type) {
  return z.object({ ...common, type: z.literal(type) });
}

function fromSource<Type extends string>(type: Type) {
  return z.object({ ...common, ...source, type: z.literal(type) });
}

/** One thing that a connected user fills in: `SerializedConnectInput` of the SDK's wire. */
export const SettingInput = z.discriminatedUnion("type", [
  plain("TEXT_NO_VARS"),
  plain("TEXTAREA_NO_VARS"),
  plain("NUMBER"),
  plain("EMAIL"),
  plain("URL"),
  plain("PASSWORD"),
  plain("BOOLEAN_INPUT"),
  plain("SWITCH"),
  plain("FILE"),
  z.object({ ...common, type: z.literal("ENUM"), values: z.array(EnumValue).min(1).max(500) }),
  fromSource("DYNAMIC_ENUM"),
  fromSource("COMBO_INPUT"),
  fromSource("DYNAMIC_COMBO_INPUT").extend({ useDynamicFields: z.boolean().optional() }),
  fromSource("FIELD_MAPPER"),
  z.object({
    ...common,
    type: z.literal("CUSTOM_DROPDOWN"),
    /** The customer's page passes the choices under this key. */
    key: z.string().min(1).max(200),
    keyIsDefault: z.boolean().optional(),
    customDropdownOptions: z.array(EnumValue).max(500).optional(),
  }),
  z.object({
    ...common,
    type: z.literal("COPYABLE_BUTTON_INPUT"),
    /** What the button copies. */
    value: z.string().max(2000).optional(),
  }),
  z.object({
    ...common,
    type: z.literal("PERMISSION"),
    requiredScopes: z.array(z.string().max(500)).max(100).default([]),
    scopes: z.object({ values: z.array(z.string().max(500)).max(100) }).optional(),
  }),
]);
export type SettingInput = z.output<typeof SettingInput>;
export type SettingType = SettingInput["type"];

/** The inputs of a workflow or an integration; each id once. */
export const SettingInputs = z
  .array(SettingInput)
  .max(100)
  .superRefine((inputs, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of inputs.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: "custom",
          path: [index, "id"],
          message: `"${id}" is given twice`,
        });
      }
      seen.add(id);
    }
  });
