import { expect, it } from "vitest";
import { emptyType } from "./empty-type.ts";
import { parseFormula } from "./parse-formula.ts";

it.each([
  ["round({{property:n}})", "number"],
  ["{{property:n}}", "number"],
  ["{{property:d}}", "date"],
  ["{{property:t}}", "string"],
  ['dateAdd({{property:d}}, 1, "days")', "date"],
  ["if({{property:t}} == 1, {{property:d}}, 0)", "date"],
  ["format({{property:n}})", "string"],
])("%s is a %s while it comes to nothing", (source, type) => {
  const types: Record<string, string> = { n: "number", d: "date", t: "rich_text" };
  expect(emptyType(parseFormula(source), (id) => types[id])).toBe(type);
});
