import { createAccounts } from "./accounts.ts";
import { createCallWorkflow } from "./call-workflow.ts";
import { createAppEvents } from "./create-app-events.ts";
import { createEnrollments } from "./create-enrollments.ts";
import { createScheduler } from "./create-scheduler.ts";
import { createWorkflows } from "./create-workflows.ts";
import { createDirectory } from "./directory.ts";
import { disableUnpermittedOf } from "./disable-unpermitted.ts";
import type { Lifecycle, LifecycleOptions } from "./lifecycle.ts";
import { createReplay } from "./replay.ts";
import { createSendEvent } from "./send-event.ts";
import { createSettler } from "./settler.ts";
import { startSweeping } from "./sweeping.ts";
import { createTestRuns } from "./test-runs.ts";
import { createTriggerSource } from "./trigger-source.ts";
import { createFinding } from "./workflow-finding.ts";

/** Creates all that happens with workflows around their runs. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { stores, connections, changeFeed, log } = options;
  const { workflows, events, enrollments } = stores;
  const directory = createDirectory(stores.directory, changeFeed);
  const accounts = createAccounts(connections, changeFeed);
  const parts = { ...options, ...stores, directory, accounts };
  const settler = createSettler(parts);
  const scheduler = createScheduler(parts);
  const finding = createFinding(parts);
  const changed = (projectId: string) => directory.forget(projectId);
  let sweeping: { close(): Promise<void> } | undefined;
  return {
    workflows: createWorkflows({
      ...parts,
      changed,
      permissionsChanged: (workflow) => disableUnpermittedOf(workflow, { enrollments, accounts }),
    }),
    events: createAppEvents({ events, workflows, changed }),
    enrollments: createEnrollments({ ...parts, settler }),
    starts: {
      sendEvent: createSendEvent(parts),
      callWorkflow: createCallWorkflow(parts),
      ...createTestRuns({ ...parts, finding }),
      replay: createReplay({ ...parts, finding }),
    },
    triggers: createTriggerSource(parts),
    startWorking() {
      scheduler.start();
      sweeping ??= startSweeping(settler, log);
    },
    async close() {
      await scheduler.close();
      await sweeping?.close();
      directory.close();
      accounts.close();
    },
  };
}
