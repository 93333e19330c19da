import { AppError } from "@tenon/connector";
import type { File } from "@tenon/workflow";
import type { Connection } from "@tenon/connections";
import type { Engine } from "../engine/engine.ts";
import type { Accounts } from "./accounts.ts";
import { findRunnable, refuseRun, type RunnableWorkflow } from "./admit.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import type { Enrollee } from "./enrollment-store.ts";
import type { WorkflowUser } from "./enrollments.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { newRun } from "./new-run.ts";
import { checkRules, type RequestInput } from "./request-rules.ts";
import { selectConfiguration } from "./select-configuration.ts";
import type { Starts, WorkflowCall } from "./starts.ts";
import { keyOf } from "./start-key.ts";

/** What a call is admitted to. */
interface Admitted {
  workflow: RunnableWorkflow;
  enrollee: Enrollee;
}

/**
 * Creates what request triggers are called through: one write of the engine's per call.
 *
 * - What it needs of the project and the user is in memory. It refuses only on what it has just
 *   read: what was enabled on another process a moment ago is not refused here.
 */
export function createCallWorkflow(options: {
  directory: Directory;
  accounts: Accounts;
  engine: Engine;
}): Starts["callWorkflow"] {
  const { directory, accounts, engine } = options;

  function admitHeld(user: WorkflowUser, call: WorkflowCall): Admitted | undefined {
    const view = directory.peek(user.projectId);
    const workflow = view?.workflows.get(call.workflowId.toLowerCase());
    const owned = workflow && accounts.peek(user, workflow.integrationId);
    if (view === undefined || owned === undefined) return undefined;
    try {
      return admit({ view, owned, user }, call);
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  async function admitRead(
    view: DirectoryView,
    user: WorkflowUser,
    call: WorkflowCall,
  ): Promise<Admitted> {
    const { integrationId } = findRunnable(view, call.workflowId);
    return admit({ view, owned: await accounts.reload(user, integrationId), user }, call);
  }

  async function admitFresh(user: WorkflowUser, call: WorkflowCall): Promise<Admitted> {
    const held = directory.peek(user.projectId);
    try {
      // A user who calls for the first time is read, the project is not.
      if (held !== undefined) return await admitRead(held, user, call);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    return admitRead(await directory.reload(user.projectId), user, call);
  }

  return async (user, call) => {
    const { workflow, enrollee } = admitHeld(user, call) ?? (await admitFresh(user, call));
    const request = toRequest(call);
    requireRules(workflow, request);
    const run = newRun(enrollee, {
      workflowId: workflow.id,
      versionId: workflow.deployed.versionId,
      triggerType: "request",
      input: { request },
      key: keyOf(call.idempotencyKey),
    });
    const { id, status } = await engine.start(run);
    return {
      runId: id,
      workflowId: workflow.id,
      status,
      hasResponseStep: workflow.hasResponseStep,
    };
  };
}

function admit(
  { view, owned, user }: { view: DirectoryView; owned: readonly Connection[]; user: WorkflowUser },
  call: WorkflowCall,
): Admitted {
  const workflow = findRunnable(view, call.workflowId);
  if (workflow.trigger.type !== "request") {
    throw lifecycleError(
      "invalid_request",
      `The workflow "${workflow.title}" does not start by request: its trigger is "${workflow.trigger.type}".`,
    );
  }
  const enrollee = { user, ...selectConfiguration(owned, call.selector) };
  const refusal = refuseRun(view, workflow, enrollee);
  if (refusal !== undefined) throw refusal;
  return { workflow, enrollee };
}

function requireRules({ trigger, title }: RunnableWorkflow, request: RequestInput): void {
  if (trigger.type !== "request") return;
  const failures = checkRules(trigger, request);
  if (failures.length === 0) return;
  throw lifecycleError(
    "invalid_request",
    `The call of "${title}" was refused: ${failures.map(({ message }) => message).join("; ")}.`,
    { details: { failures } },
  );
}

/** Credentials of the call are the server's: no run sees them. */
const withheld = new Set(["authorization", "cookie", "proxy-authorization"]);

function toRequest(call: WorkflowCall): RequestInput & { file?: File } {
  const headers = Object.entries(call.headers).flatMap(([name, value]) => {
    const key = name.toLowerCase();
    if (value === undefined || withheld.has(key)) return [];
    return [[key, typeof value === "string" ? value : value.join(", ")] as const];
  });
  const params = Object.entries(call.params).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, typeof value === "string" ? value : [...value]] as const];
  });
  return {
    method: call.method,
    headers: Object.fromEntries(headers),
    params: Object.fromEntries(params),
    body: call.body,
    ...(call.file && { file: call.file }),
  };
}
