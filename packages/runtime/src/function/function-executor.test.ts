import { Definition, planWorkflow } from "@tenon/workflow";
import { expect, it } from "vitest";
import type { StepContext } from "../step-executor.ts";
import { createFunctionExecutor } from "./function-executor.ts";
import { functionHarness } from "./testing/function-harness.ts";

const executor = createFunctionExecutor(functionHarness(1).runner);
type FunctionContext = Parameters<typeof executor.run>[0];

function contextOf(code: string, input: Record<string, unknown>): FunctionContext {
  const definition = Definition.parse({
    trigger: { id: "start", type: "enabled", next: "work" },
    steps: [{ id: "work", type: "function", code, parameters: {} }],
  });
  const plan = planWorkflow(definition);
  const planned = plan.steps.get("work");
  if (planned?.step.type !== "function") throw new Error("The plan has no function");
  const context: StepContext<typeof planned.step> = {
    owner: { runId: "r", projectId: "p", workflowId: "w", connectionId: "c", test: false },
    plan,
    planned: { ...planned, step: planned.step },
    input,
    resolveWith: () => ({ input, items: undefined, pageToken: undefined, stop: true }),
    attempt: 1,
    idempotencyKey: "r:work",
    signal: new AbortController().signal,
    hide: () => undefined,
    once: (_name, part) => part(),
  };
  return context;
}

it("answers what the function returned, given the resolved parameters", async () => {
  const context = contextOf("({ name }) => `Hello ${name}`", { parameters: { name: "Ada" } });
  expect(await executor.run(context)).toEqual({ result: "Hello Ada" });
});

it("keeps the console beside the result, where there is any", async () => {
  const context = contextOf("() => { console.info('seen') }", { parameters: {} });
  expect(await executor.run(context)).toEqual({
    result: null,
    console: [{ level: "info", text: "seen" }],
  });
});

it("fails as the function does", async () => {
  const context = contextOf("() => { throw new Error('no') }", { parameters: {} });
  await expect(executor.run(context)).rejects.toMatchObject({
    name: "StepFailure",
    code: "function_failed",
    transient: false,
    happened: "no",
  });
});

it("refuses parameters that are no object", async () => {
  const context = contextOf("() => 1", { parameters: ["a"] });
  await expect(executor.run(context)).rejects.toMatchObject({ code: "invalid_input" });
});

it("may be repeated, as it changes nothing outside", () => {
  expect(executor.effectOf(contextOf("() => 1", {}).planned.step)).toEqual({
    effect: "read",
    repeatable: true,
  });
});
