export * from "./definition.ts";
export { Condition, operators, type Operator } from "./condition.ts";
export { formatReference, type Path, type Reference } from "./reference.ts";
export { parseReference } from "./parse-reference.ts";
export { TemplateError } from "./template-error.ts";
export { formatTemplate, parseTemplate, type Template } from "./template.ts";
export { fromShown, normalizeDefinition, type NumberedSteps, toShown } from "./step-numbers.ts";
export {
  compileValue,
  type CompiledValue,
  type LocatedReference,
  referencesOf,
  resolveValue,
  type Scope,
  UnwritableValueError,
} from "./value.ts";
export { readPath, readPathThrough } from "./read-path.ts";
export { compileCondition, type CompiledCondition, evaluate } from "./evaluate.ts";
export {
  type OperatorDescription,
  operatorTable,
  type OperatorType,
  takesArgument,
} from "./operators.ts";
export {
  InvalidDefinitionError,
  type Plan,
  type PlannedStep,
  planWorkflow,
  type Uses,
} from "./plan.ts";
export {
  nameSubject,
  type Problem,
  type ProblemCode,
  problemCodes,
  type ProblemContext,
} from "./problem.ts";
export { findProblems } from "./problems.ts";
export { checkCron, InvalidScheduleError, isTimeZone, nextTime } from "./schedule.ts";
export { cronToPreset, presetToCron, type SchedulePreset } from "./schedule-preset.ts";
export type { ParagonMapping, ParagonStep } from "./paragon/compiled-form.ts";
export {
  type ImportedWorkflow,
  importParagon,
  ParagonFormatError,
} from "./paragon/import-paragon.ts";
export {
  type ExportedWorkflow,
  type ExportOptions,
  exportParagon,
} from "./paragon/export-paragon.ts";
