import type { Condition, Operator } from "./condition.ts";
import { maxDepth, toPointer } from "./fold-json.ts";
import { holds } from "./holds.ts";
import { TemplateError } from "./template-error.ts";
import {
  type CompiledValue,
  compileValue,
  type LocatedReference,
  referencesIn,
  resolveValue,
  type Scope,
  UnwritableValueError,
} from "./value.ts";

/** A condition whose texts are parsed: what {@link evaluate} takes. */
export type CompiledCondition =
  | { kind: "comparison"; operator: Operator; variable: CompiledValue; argument: CompiledValue }
  | { kind: "join"; join: "and" | "or"; conditions: readonly CompiledCondition[] };

/** How the values of a comparison are compiled. */
export type CompileOperand = (json: unknown, pointer: string) => CompiledValue;

/**
 * Parses a condition's texts.
 *
 * @throws TemplateError with the JSON pointer of the text that cannot be read, or where joins are
 * nested too deeply.
 */
export function compileCondition(condition: Condition): CompiledCondition {
  return compileConditionWith(condition, (json, pointer) => {
    try {
      return compileValue(json);
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause;
      throw new TemplateError(cause.message, cause.offset, pointer + cause.pointer);
    }
  });
}

/** As {@link compileCondition}, with another way to compile what is compared. */
export function compileConditionWith(
  condition: Condition,
  compile: CompileOperand,
  pointer = "",
  depth = 0,
): CompiledCondition {
  if (depth > maxDepth) {
    throw new TemplateError(`Conditions may be nested at most ${maxDepth} deep`, 0, pointer);
  }
  if ("join" in condition) {
    return {
      kind: "join",
      join: condition.join,
      conditions: condition.conditions.map((inner, index) =>
        compileConditionWith(inner, compile, pointer + toPointer(["conditions", index]), depth + 1),
      ),
    };
  }
  return {
    kind: "comparison",
    operator: condition.operator,
    variable: compile(condition.variable, `${pointer}/variable`),
    argument: compile(condition.argument, `${pointer}/argument`),
  };
}

/**
 * Whether a condition holds; operators mean what {@link operatorTable} says. `and` and `or` look no
 * further than they need to. Throws only what `scope` throws.
 */
export function evaluate(compiled: CompiledCondition, scope: Scope): boolean {
  switch (compiled.kind) {
    case "comparison":
      return holds(
        compiled.operator,
        resolveOperand(compiled.variable, scope),
        resolveOperand(compiled.argument, scope),
      );
    case "join":
      return compiled.join === "and"
        ? compiled.conditions.every((condition) => evaluate(condition, scope))
        : compiled.conditions.some((condition) => evaluate(condition, scope));
    default:
      return compiled satisfies never;
  }
}

/** A value that cannot be written into a text is of the wrong type for every comparison. */
function resolveOperand(compiled: CompiledValue, scope: Scope): unknown {
  try {
    return resolveValue(compiled, scope);
  } catch (cause) {
    if (cause instanceof UnwritableValueError) return undefined;
    throw cause;
  }
}

/** Every reference of a compiled condition, with the JSON pointer of where it stands. */
export function referencesInCondition(
  compiled: CompiledCondition,
  pointer = "",
): LocatedReference[] {
  switch (compiled.kind) {
    case "comparison":
      return [
        ...referencesIn(compiled.variable, `${pointer}/variable`),
        ...referencesIn(compiled.argument, `${pointer}/argument`),
      ];
    case "join":
      return compiled.conditions.flatMap((condition, index) =>
        referencesInCondition(condition, pointer + toPointer(["conditions", index])),
      );
    default:
      return compiled satisfies never;
  }
}
