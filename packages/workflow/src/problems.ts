import { type CompiledStep, compileStep, referencesInStep } from "./compile-step.ts";
import { Definition, Step, Trigger } from "./definition.ts";
import { checkSize } from "./definition-size.ts";
import { treeFinding } from "./graph-problems.ts";
import { type Finding, type Problem, type ProblemContext, toProblem } from "./problem.ts";
import { readPath } from "./read-path.ts";
import { referenceFinding } from "./reference-problems.ts";
import { schemaProblems } from "./schema-problems.ts";
import { normalizeDefinition } from "./step-numbers.ts";
import { stepFindings } from "./step-problems.ts";
import { readStructure, type Structure, toSubject } from "./structure.ts";
import { TemplateError } from "./template-error.ts";
import { triggerFindings } from "./trigger-problems.ts";

/** More problems than this nobody reads. */
const maxProblems = 1000;

/**
 * All that is wrong with a workflow, in the order of its steps; takes anything at all and never
 * throws, except what `context` throws. A workflow without errors can be planned.
 *
 * Where a step is not complete, what hangs together between steps (order, references) is not
 * checked, only each other step by itself.
 */
export function findProblems(definition: unknown, context: ProblemContext): Problem[] {
  const tooLarge = checkSize(definition);
  if (tooLarge !== undefined) return [tooLarge];
  const parsed = Definition.safeParse(definition);
  const problems = parsed.success
    ? definitionProblems(parsed.data, context)
    : [...schemaProblems(definition, parsed.error), ...partProblems(definition, context)];
  return problems.slice(0, maxProblems);
}

/** Problems of the parts that are complete, in a definition of which others are not. */
function partProblems(definition: unknown, context: ProblemContext): Problem[] {
  const trigger = Trigger.safeParse(readPath(definition, ["trigger"])).data;
  const steps = readPath(definition, ["steps"]);
  const problems =
    trigger === undefined ? [] : ownProblems(trigger, 1, triggerFindings(trigger, context));
  for (const [index, raw] of Array.isArray(steps) ? steps.entries() : []) {
    const step = Step.safeParse(raw).data;
    if (step === undefined) continue;
    problems.push(...ownProblems(step, index + 2, stepFindings(step, trigger, context)));
  }
  return problems;
}

function definitionProblems(written: Definition, context: ProblemContext): Problem[] {
  const definition = normalizeOrSame(written);
  const { trigger, steps } = definition;
  const structure = readStructure(definition);
  const faults = Map.groupBy(structure.tree.faults, ({ index }) => index);
  const find = (of: Step | Trigger, index: number, own: Finding[]): Problem[] => {
    const placed = (faults.get(index) ?? []).map((fault) => treeFinding(fault, structure.name));
    return ownProblems(of, index + 2, [...placed, ...own], { structure, context });
  };
  return [
    ...find(trigger, -1, triggerFindings(trigger, context)),
    ...steps.flatMap((step, index) => find(step, index, stepFindings(step, trigger, context))),
  ];
}

/** Findings of one step, and those of its templates; references only where a scope is given. */
function ownProblems(
  of: Step | Trigger,
  number: number,
  own: Finding[],
  scope?: { structure: Structure; context: ProblemContext },
): Problem[] {
  const findings = [...own];
  const compiled: CompiledStep = compileStep(of, ({ message, offset, pointer }) => {
    const text = `cannot be read in ${pointer} at character ${offset + 1}: ${message}. Write \\{{ for braces that are text.`;
    findings.push({ code: "invalid_template", field: pointer, text });
  });
  for (const located of scope === undefined ? [] : referencesInStep(of, compiled)) {
    const finding = scope && referenceFinding(of, located, scope);
    if (finding !== undefined) findings.push(finding);
  }
  const subject = toSubject(of, number);
  return findings.map((finding) => toProblem(subject, finding));
}

/** What is nested too deeply is left as it is: compiling it names the place. */
function normalizeOrSame(definition: Definition): Definition {
  try {
    return normalizeDefinition(definition);
  } catch (cause) {
    if (cause instanceof TemplateError) return definition;
    throw cause;
  }
}
