import { emptyType } from "../formula/empty-type.ts";
import { evaluate } from "../formula/evaluate.ts";
import { parseFormula, type Expression } from "../formula/parse-formula.ts";
import { isDate, toText, type Value } from "../formula/values.ts";
import type { PropertySchema } from "../store/records.ts";
import type { Computed, PlainValue } from "./plain.ts";
import type { ValuePlace } from "./property-type.ts";

type Read = (place: ValuePlace) => PlainValue;

/** How far formulas may lead on to other formulas; beyond it they go in a circle. */
const deepest = 20;

const parsed = new WeakMap<PropertySchema, Expression | null>();

/** What a formula comes to for a page; one that cannot be read comes to nothing. */
export function computeFormula(place: ValuePlace, read: Read): Computed {
  const expression = expressionOf(place.column);
  const depth = (place.depth ?? 0) + 1;
  if (!expression || depth > deepest) return { type: "string", string: null };
  const scene: Scene = { place: { ...place, depth }, read };
  const value = evaluate(expression, {
    now: place.view.clock.now(),
    property: (id) => readProperty(id, scene),
    variables: new Map(),
  });
  return value === null ? emptyResult(expression, place) : toComputed(value);
}

function emptyResult(expression: Expression, place: ValuePlace): Computed {
  switch (emptyType(expression, (id) => columnAt(id, place)?.type)) {
    case "number":
      return { type: "number", number: null };
    case "date":
      return { type: "date", date: null };
    case "string":
      return { type: "string", string: null };
  }
}

function expressionOf(column: PropertySchema): Expression | null {
  const known = parsed.get(column);
  if (known !== undefined) return known;
  const { expression: source } = column.config;
  const expression = typeof source === "string" ? tryParse(source) : null;
  parsed.set(column, expression);
  return expression;
}

function tryParse(source: string): Expression | null {
  try {
    return parseFormula(source);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

interface Scene {
  place: ValuePlace;
  read: Read;
}

function readProperty(id: string, { place, read }: Scene): Value {
  const column = columnAt(id, place);
  return column ? toValue(read({ ...place, column }), column) : null;
}

function columnAt(id: string, place: ValuePlace): PropertySchema | undefined {
  const source = place.view.store.get("nodes", place.sourceId ?? "");
  return source?.kind === "data_source" ? source.schema.find((one) => one.id === id) : undefined;
}

function toValue(value: PlainValue, column: PropertySchema): Value {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return value.number;
    case "checkbox":
      return value.checked;
    case "date":
      return value.date;
    case "items": {
      const names = value.items.map(({ name }) => name);
      const isOne = column.type === "select" || column.type === "status";
      return isOne ? (names[0] ?? null) : names;
    }
    case "list":
      return value.values.map((one) => toValue(one, column));
  }
}

function toComputed(value: Value): Computed {
  if (typeof value === "number") return { type: "number", number: value };
  if (typeof value === "boolean") return { type: "boolean", boolean: value };
  if (isDate(value)) return { type: "date", date: value };
  return { type: "string", string: value === null || value === "" ? null : toText(value) };
}

export function presentFormula(computed: Computed): object {
  return computed;
}
