import { expect, test } from "vitest";
import { checkSettings, missingSettings } from "./setting-values.ts";
import { SettingInput, SettingInputs } from "./user-setting.ts";

const input = (more: object) => SettingInput.parse({ id: "x", title: "X", ...more });
const options = [
  { label: "A", value: "a" },
  { label: "One", value: 1 },
];

test.each([
  [{ type: "TEXT_NO_VARS" }, "text", "text"],
  [{ type: "TEXTAREA_NO_VARS" }, "a\nb", "a\nb"],
  [{ type: "PASSWORD" }, "secret", "secret"],
  [{ type: "NUMBER" }, 7, 7],
  [{ type: "NUMBER" }, " 7.5 ", 7.5],
  [{ type: "EMAIL" }, "ada@example.com", "ada@example.com"],
  [{ type: "URL" }, "https://example.com/x", "https://example.com/x"],
  [{ type: "BOOLEAN_INPUT" }, false, false],
  [{ type: "SWITCH" }, true, true],
  [{ type: "ENUM", values: options }, 1, 1],
  [{ type: "DYNAMIC_ENUM", sourceType: "pages" }, "id", "id"],
  [{ type: "CUSTOM_DROPDOWN", key: "k" }, "v", "v"],
  [{ type: "COMBO_INPUT", sourceType: "s" }, { mainInput: "a" }, { mainInput: "a" }],
  [{ type: "FIELD_MAPPER", sourceType: "s" }, { objectMapping: "a" }, { objectMapping: "a" }],
])("%j takes %j", (more, value, expected) => {
  expect(checkSettings([input(more)], { x: value }, {})).toEqual({
    settings: { x: expected },
    failures: [],
  });
});

test.each([
  [{ type: "TEXT_NO_VARS" }, 7],
  [{ type: "TEXT_NO_VARS" }, "x".repeat(20_001)],
  [{ type: "NUMBER" }, "seven"],
  [{ type: "NUMBER" }, Number.NaN],
  [{ type: "NUMBER" }, "Infinity"],
  [{ type: "EMAIL" }, "no address"],
  [{ type: "URL" }, "javascript:alert(1)"],
  [{ type: "SWITCH" }, "true"],
  [{ type: "ENUM", values: options }, "1"],
  [{ type: "COMBO_INPUT", sourceType: "s" }, "text"],
  [{ type: "DYNAMIC_ENUM", sourceType: "pages" }, ["a"]],
])("%j refuses %j and names the input", (more, value) => {
  const { settings, failures } = checkSettings([input(more)], { x: value }, {});
  expect(settings).toEqual({});
  expect(failures).toMatchObject([{ inputId: "x", message: expect.stringContaining('"X"') }]);
});

test("empty values are left out, and values of inputs that are gone", () => {
  const inputs = [input({ type: "TEXT_NO_VARS" })];
  expect(checkSettings(inputs, { x: "" }, {})).toEqual({ settings: {}, failures: [] });
  expect(checkSettings(inputs, { x: null, gone: 1 }, { gone: 1 })).toEqual({
    settings: {},
    failures: [],
  });
  expect(checkSettings(inputs, { never: 1 }, {}).failures).toMatchObject([{ inputId: "never" }]);
  const proto: Record<string, unknown> = JSON.parse('{"__proto__":{"x":1}}');
  expect(checkSettings(inputs, proto, {}).failures).toHaveLength(1);
});

test("required inputs without a value are told by title; false is a value", () => {
  const inputs = [
    input({ type: "SWITCH", required: true }),
    SettingInput.parse({ id: "y", title: "Y", type: "TEXT_NO_VARS", required: true }),
    SettingInput.parse({ id: "z", title: "Z", type: "COPYABLE_BUTTON_INPUT", required: true }),
  ];
  expect(missingSettings(inputs, { x: false, y: "" })).toEqual(["Y"]);
  expect(missingSettings(inputs, {})).toEqual(["X", "Y"]);
});

test("an input's id is given once", () => {
  const text = { id: "x", title: "X", type: "TEXT_NO_VARS" };
  expect(SettingInputs.safeParse([text, text]).success).toBe(false);
  expect(SettingInputs.safeParse([text, { ...text, id: "y" }]).success).toBe(true);
});
