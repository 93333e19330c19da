import { emptyType } from "../formula/empty-type.ts";
import { functions } from "../formula/functions.ts";
import { parseFormula, type Expression } from "../formula/parse-formula.ts";
import { isDate, isTruthy, toText, type Value } from "../formula/values.ts";
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
  const value = evaluate(expression, { place: { ...place, depth }, read });
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

function evaluate(expression: Expression, scene: Scene): Value {
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "property":
      return readProperty(expression.id, scene);
    case "call":
      return call(expression.name, expression.args, scene);
  }
}

/** Conditions look only at the branch they take. */
function call(name: string, args: Expression[], scene: Scene): Value {
  const at = (index: number): Value => {
    const arg = args[index];
    return arg ? evaluate(arg, scene) : null;
  };
  switch (name) {
    case "if":
      return isTruthy(at(0)) ? at(1) : at(2);
    case "ifs": {
      const index = args.findIndex(
        (_, one) => one % 2 === 0 && one + 1 < args.length && isTruthy(at(one)),
      );
      if (index >= 0) return at(index + 1);
      return args.length % 2 === 1 ? at(args.length - 1) : null;
    }
    case "and":
      return args.every((_, index) => isTruthy(at(index)));
    case "or":
      return args.some((_, index) => isTruthy(at(index)));
    default: {
      const run = functions[name];
      return run
        ? run(
            args.map((_, index) => at(index)),
            scene.place.view.clock.now(),
          )
        : null;
    }
  }
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
