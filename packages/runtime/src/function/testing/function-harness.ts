import { afterAll } from "vitest";
import { StepFailure } from "../../step-failure.ts";
import type { FunctionCall } from "../function-call.ts";
import { createFunctionRunner } from "../function-runner.ts";

/** Fills what a test does not say. */
export function callOf(code: string, more: Partial<FunctionCall> = {}): FunctionCall {
  return {
    code,
    language: "javascript",
    parameters: {},
    timeoutMs: 10_000,
    memoryMb: 64,
    signal: new AbortController().signal,
    ...more,
  };
}

/** A runner for the tests of a file, closed after them. */
export function functionHarness(workers = 2) {
  const runner = createFunctionRunner({ workers });
  afterAll(() => runner.close());
  const run = (code: string, more?: Partial<FunctionCall>) => runner.run(callOf(code, more));
  return {
    runner,
    run,
    resultOf: async (code: string, more?: Partial<FunctionCall>) => (await run(code, more)).result,
    /** How a run failed; throws where it did not. */
    async failureOf(code: string, more?: Partial<FunctionCall>): Promise<StepFailure> {
      const outcome: unknown = await run(code, more).then(
        ({ result }) => new Error(`answered ${JSON.stringify(result)}`),
        (error: unknown) => error,
      );
      if (outcome instanceof StepFailure) return outcome;
      throw outcome;
    },
  };
}
