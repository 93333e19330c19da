import { nameSubject, type Problem, Step } from "@tenon/workflow";
import type { CodeProblem } from "../function/function-call.ts";
import type { DraftDefinition } from "./workflow.ts";

/** Tells where code cannot be read; undefined: it can. */
export type CheckCode = (
  code: string,
  language: "javascript" | "typescript",
) => Promise<CodeProblem | undefined>;

/**
 * Function steps whose code cannot be read, beside what `findProblems` finds: that takes the engine
 * which would run it.
 */
export async function findCodeProblems(
  { steps }: DraftDefinition,
  checkCode: CheckCode,
): Promise<Problem[]> {
  if (!Array.isArray(steps)) return [];
  const found = steps.map(async (raw: unknown, index): Promise<Problem[]> => {
    const step = Step.safeParse(raw).data;
    if (step?.type !== "function" || step.code.trim() === "") return [];
    const problem = await checkCode(step.code, step.language);
    return problem === undefined ? [] : [toProblem(step, index + 2, problem)];
  });
  return (await Promise.all(found)).flat();
}

function toProblem(
  { id, title }: { id: string; title?: string | undefined },
  number: number,
  { message, line, column }: CodeProblem,
): Problem {
  return {
    code: "invalid_code",
    stepId: id,
    field: "/code",
    message: `${nameSubject({ number, title })} has code that cannot be read: ${message} (line ${line}, column ${column}).`,
    severity: "error",
  };
}
