import { functions } from "./functions.ts";
import type { Expression } from "./parse-formula.ts";
import { isTruthy, itemsOf, order, type Value } from "./values.ts";

/** What a formula can look at. */
export interface Scope {
  now: number;
  property(id: string): Value;
  /** What `let` and `lets` have named, and `current` and `index` inside a list's function. */
  variables: ReadonlyMap<string, Value>;
}

export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "property":
      return scope.property(expression.id);
    case "call":
      return call(expression.name, expression.args, scope);
  }
}

type Special = (args: Expression[], scope: Scope) => Value;

/** Functions that do not look at all their arguments, or look at one several times. */
const specials: Readonly<Record<string, Special>> = {
  if: (args, scope) => (isTruthy(at(args, 0, scope)) ? at(args, 1, scope) : at(args, 2, scope)),
  ifs: (args, scope) => {
    const index = args.findIndex(
      (_, one) => one % 2 === 0 && one + 1 < args.length && isTruthy(at(args, one, scope)),
    );
    if (index >= 0) return at(args, index + 1, scope);
    return args.length % 2 === 1 ? at(args, args.length - 1, scope) : null;
  },
  and: (args, scope) => args.every((arg) => isTruthy(evaluate(arg, scope))),
  or: (args, scope) => args.some((arg) => isTruthy(evaluate(arg, scope))),
  let: bind,
  lets: bind,
  map: (args, scope) => perItem(args, scope).map(({ result }) => result()),
  filter: (args, scope) =>
    perItem(args, scope)
      .filter(({ result }) => isTruthy(result()))
      .map(({ item }) => item),
  find: (args, scope) =>
    perItem(args, scope).find(({ result }) => isTruthy(result()))?.item ?? null,
  findIndex: (args, scope) => perItem(args, scope).findIndex(({ result }) => isTruthy(result())),
  some: (args, scope) => perItem(args, scope).some(({ result }) => isTruthy(result())),
  every: (args, scope) => perItem(args, scope).every(({ result }) => isTruthy(result())),
  count: (args, scope) => {
    const items = perItem(args, scope);
    return args.length < 2 ? items.length : items.filter(({ result }) => isTruthy(result())).length;
  },
  sort: (args, scope) =>
    perItem(args, scope)
      .map(({ item, result }) => ({ item, key: args.length < 2 ? item : result() }))
      .toSorted((a, b) => order(a.key, b.key))
      .map(({ item }) => item),
};

function call(name: string, args: Expression[], scope: Scope): Value {
  const variable = args.length === 0 ? scope.variables.get(name) : undefined;
  if (variable !== undefined) return variable;
  if (Object.hasOwn(specials, name)) return specials[name]?.(args, scope) ?? null;
  if (!Object.hasOwn(functions, name)) return null;
  const values = args.map((arg) => evaluate(arg, scope));
  return functions[name]?.(values, scope.now) ?? null;
}

function at(args: Expression[], index: number, scope: Scope): Value {
  const arg = args[index];
  return arg ? evaluate(arg, scope) : null;
}

/** Pairs of a name and its value, each seen by those after it, and what is computed with them. */
function bind(args: Expression[], scope: Scope): Value {
  const variables = new Map(scope.variables);
  const inner = { ...scope, variables };
  for (let index = 0; index + 1 < args.length; index += 2) {
    const name = args[index];
    if (name?.kind !== "call" || name.args.length > 0) return null;
    variables.set(name.name, at(args, index + 1, inner));
  }
  return args.length % 2 === 1 ? at(args, args.length - 1, inner) : null;
}

/** The items of the list in the first argument, each with what the second comes to for it. */
function perItem(args: Expression[], scope: Scope): { item: Value; result(): Value }[] {
  const [, expression] = args;
  return itemsOf(at(args, 0, scope)).map((item, index) => ({
    item,
    result: () => {
      if (!expression) return item;
      const variables = new Map(scope.variables).set("current", item).set("index", index);
      return evaluate(expression, { ...scope, variables });
    },
  }));
}
