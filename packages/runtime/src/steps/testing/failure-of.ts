import { StepFailure } from "../../step-failure.ts";

/** The failure that something ends with; it must be one. */
export async function failureOf(running: Promise<unknown>): Promise<StepFailure> {
  const error: unknown = await running.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof StepFailure) return error;
  throw new Error("It did not fail with StepFailure.", { cause: error });
}
