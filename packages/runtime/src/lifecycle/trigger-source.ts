import {
  type CompiledCondition,
  compileCondition,
  compileValue,
  evaluate,
  type IntegrationTrigger,
  readPath,
  resolveValue,
  type Scope,
} from "@tenon/workflow";
import * as z from "zod";
import type { Directory } from "./directory.ts";
import type { EnrollmentStore } from "./enrollment-store.ts";
import { newRun } from "./new-run.ts";
import { pairUp, type StartPair } from "./send-event.ts";
import type { ConnectionEvent, TriggerSource, WaitingWorkflow } from "./starts.ts";
import { enrolleeScope } from "./user-scope.ts";

/** What is waited for, with what its run would be of. */
interface Waiting extends StartPair {
  listenerId: string;
  trigger: IntegrationTrigger;
}

/** Creates what sources of provider events start runs through. */
export function createTriggerSource(options: {
  directory: Directory;
  enrollments: EnrollmentStore;
}): TriggerSource {
  const { directory, enrollments } = options;

  /** Who waits was written after the deployment was: a view that does not know of it is old. */
  async function viewWith(projectId: string, waiting: readonly WaitingWorkflow[]) {
    const held = await directory.get(projectId);
    const knows = ({ workflowId }: WaitingWorkflow) => {
      const { trigger, deployed } = held.workflows.get(workflowId) ?? {};
      return trigger?.type === "integration" && deployed !== null;
    };
    return waiting.every(knows) ? held : directory.reload(projectId);
  }

  /** Those that run now. */
  async function admit(
    { projectId, connectionId }: { projectId: string; connectionId: string },
    waiting: readonly WaitingWorkflow[],
  ): Promise<Waiting[]> {
    const view = await viewWith(projectId, waiting);
    const enrollees = await enrollments.list(projectId, { connectionId });
    return waiting.flatMap(({ listenerId, workflowId, configurationId }) => {
      const workflow = view.workflows.get(workflowId);
      const enrollee = enrollees.find(({ configuration }) => configuration.id === configurationId);
      if (workflow === undefined || enrollee === undefined) return [];
      const { trigger, deployed } = workflow;
      if (trigger?.type !== "integration" || deployed === null) return [];
      const pairs = pairUp(view, [{ ...workflow, trigger, deployed }], [enrollee]);
      return pairs.map((pair) => ({ ...pair, listenerId, trigger }));
    });
  }

  return {
    async plan(event, waiting) {
      const started: Waiting[] = [];
      for (const one of await admit(event, waiting)) {
        if (await asksFor(one, event)) started.push(one);
      }
      return started.map(({ listenerId, workflow, enrollee }) => {
        const { id: workflowId, deployed } = workflow;
        const run = newRun(enrollee, {
          workflowId,
          versionId: deployed.versionId,
          triggerType: "integration",
          input: event.output,
          key: event.key,
        });
        return { listenerId, run };
      });
    },

    async readInputs(at, waiting) {
      const admitted = await admit(at, waiting);
      return admitted.map((one) => ({ triggerId: one.trigger.trigger, input: inputOf(one) }));
    },
  };
}

async function asksFor(one: Waiting, event: ConnectionEvent): Promise<boolean> {
  if (one.trigger.ignoreOwn && event.isOwn) return false;
  if (!(await event.matches(one.trigger.trigger, inputOf(one)))) return false;
  const condition = conditionOf(one.trigger);
  return condition === undefined || evaluate(condition, eventScope(one, event.output));
}

const Input = z.record(z.string(), z.unknown());

function inputOf(one: Waiting): Record<string, unknown> {
  return Input.parse(resolveValue(compileValue(one.trigger.input), accountScope(one)));
}

/** Compiled once for as long as the workflow is held. */
const compiled = new WeakMap<object, CompiledCondition>();

function conditionOf({ condition }: IntegrationTrigger): CompiledCondition | undefined {
  if (condition === undefined) return undefined;
  const known = compiled.get(condition) ?? compileCondition(condition);
  compiled.set(condition, known);
  return known;
}

/** What a trigger's input can read: the account, the user, and what they have set. */
function accountScope({ workflow, enrollee }: Waiting): Scope {
  const ofUser = enrolleeScope(enrollee, workflow.id);
  const { id, externalId, accountId, providerData } = enrollee.connection;
  const connection = { id, externalId, accountId, providerData };
  return {
    read: (reference) =>
      reference.source === "connection"
        ? readPath(connection, reference.path)
        : ofUser.read(reference),
  };
}

/** What a trigger's condition can read: the same, and the event. */
function eventScope(one: Waiting, output: unknown): Scope {
  const ofAccount = accountScope(one);
  const { trigger } = one;
  return {
    read(reference) {
      if (reference.source !== "step") return ofAccount.read(reference);
      // A number is a place, and only the trigger has one here.
      const isTrigger = reference.stepId === trigger.id || reference.stepId === "1";
      return isTrigger ? readPath(output, reference.path) : undefined;
    },
  };
}
