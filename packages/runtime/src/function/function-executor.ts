import type { FunctionStep } from "@tenon/workflow";
import * as z from "zod";
import { StepFailure } from "../step-failure.ts";
import type { StepExecutor } from "../step-executor.ts";
import type { FunctionRunner } from "./function-runner.ts";

const Parameters = z.record(z.string(), z.unknown());

/**
 * Does Function steps. The output is `{ result }`, and `console` beside it where the function wrote
 * there. A function has no way to change anything outside, so that it may be repeated.
 */
export function createFunctionExecutor(
  runner: FunctionRunner,
): StepExecutor<z.output<typeof FunctionStep>> {
  return {
    effectOf: () => ({ effect: "read", repeatable: true }),

    async run({ planned: { step }, input, signal }) {
      const parameters = Parameters.safeParse(input["parameters"] ?? {});
      if (!parameters.success) {
        throw new StepFailure("invalid_input", "The function's parameters are not an object.");
      }
      const { code, language, timeoutMs, memoryMb } = step;
      const { result, console } = await runner.run({
        code,
        language,
        parameters: parameters.data,
        timeoutMs,
        memoryMb,
        signal,
      });
      return { result: result ?? null, ...(console.length > 0 && { console }) };
    },
  };
}
