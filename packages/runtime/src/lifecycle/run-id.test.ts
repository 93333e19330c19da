import { expect, test } from "vitest";
import { runIdOf } from "./run-id.ts";

const workflowId = "11111111-1111-4111-8111-111111111111";
const configurationId = "44444444-4444-4444-8444-444444444444";

test("the same start has the same id, which is a UUID of version 5", () => {
  const id = runIdOf(workflowId, configurationId, { kind: "event", key: "k" });
  expect(id).toBe(runIdOf(workflowId, configurationId, { kind: "event", key: "k" }));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("another workflow, configuration, kind or key has another id", () => {
  const ids = [
    runIdOf(workflowId, configurationId, { kind: "event", key: "k" }),
    runIdOf(configurationId, workflowId, { kind: "event", key: "k" }),
    runIdOf(workflowId, configurationId, { kind: "request", key: "k" }),
    runIdOf(workflowId, configurationId, { kind: "event", key: "k2" }),
    runIdOf(workflowId, configurationId, { kind: "event", key: 'k","x' }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
