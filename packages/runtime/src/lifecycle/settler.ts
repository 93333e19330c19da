import type { Log } from "@tenon/connections";
import type { Engine } from "../engine/engine.ts";
import type { Accounts } from "./accounts.ts";
import { isRunnable, refuseRun } from "./admit.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import { applyDefaults } from "./enabling.ts";
import type { Enrollee, EnrollmentStore } from "./enrollment-store.ts";
import { newRun } from "./new-run.ts";
import { toTarget } from "./select-configuration.ts";
import { missingSettings } from "./setting-values.ts";
import { hasMark, ownMeta, stateOf } from "./workflow-states.ts";

/** Does what follows once from a connection being there. */
export interface Settler {
  /** For all configurations of a connection. */
  settle(projectId: string, connectionId: string): Promise<void>;
  /** For those that other processes left behind: only lately changed ones, or all. */
  sweep(options: { changedWithinMs: number | undefined; signal: AbortSignal }): Promise<void>;
}

const pageSize = 200;

/**
 * Creates what settles configurations: what is enabled by default is enabled, once, and what starts
 * by Integration Enabled is started, once, as soon as the account is connected and required settings
 * are filled in.
 *
 * - Runs are started first, under ids that are the same on every process, then the configuration is
 *   marked. Whoever dies in between is followed by another that finds the runs there.
 * - Workflows that are deployed later do not start for configurations that are marked.
 */
export function createSettler(options: {
  enrollments: EnrollmentStore;
  directory: Directory;
  accounts: Accounts;
  engine: Engine;
  prepareToListen?: (connectionId: string) => Promise<void>;
  log: Log;
}): Settler {
  const { enrollments, directory, accounts, engine, prepareToListen, log } = options;

  async function settleOne(enrollee: Enrollee): Promise<void> {
    const { user, configuration } = enrollee;
    const target = toTarget(user, enrollee);
    try {
      if (!hasMark(configuration, "defaultsApplied")) {
        if (await willListen(user.projectId)) await prepareToListen?.(enrollee.connection.id);
        await enrollments.change(target, applyDefaults);
      }
      if (hasMark(configuration, "enableTriggered")) return;
      const view = await directory.get(user.projectId);
      if (!isReady(view, enrollee)) return;
      await startEnabled(view, enrollee);
      await enrollments.change(target, (locked) => ({
        meta: { ...locked.configuration.meta, [ownMeta.enableTriggered]: true },
      }));
    } finally {
      accounts.forget(configuration.id);
    }
  }

  async function willListen(projectId: string): Promise<boolean> {
    const { workflows } = await directory.get(projectId);
    return [...workflows.values()].some(
      ({ defaultEnabled, trigger }) => defaultEnabled && trigger?.type === "integration",
    );
  }

  async function startEnabled(view: DirectoryView, enrollee: Enrollee): Promise<void> {
    for (const workflow of startedByEnabling(view, enrollee)) {
      await engine.start(
        newRun(enrollee, {
          workflowId: workflow.id,
          versionId: workflow.deployed.versionId,
          triggerType: "enabled",
          input: {},
          key: "",
        }),
      );
    }
  }

  return {
    async settle(projectId, connectionId) {
      for (const enrollee of await enrollments.list(projectId, { connectionId })) {
        await settleOne(enrollee);
      }
    },

    async sweep({ changedWithinMs, signal }) {
      let after: string | undefined;
      for (;;) {
        const page = await enrollments.listUnsettled({ after, limit: pageSize, changedWithinMs });
        for (const enrollee of page) {
          if (signal.aborted) return;
          const { id } = enrollee.configuration;
          await settleOne(enrollee).catch((err: unknown) =>
            log.warn({ err, configurationId: id }, "A configuration is settled with a later sweep"),
          );
          after = id;
        }
        if (page.length < pageSize) return;
      }
    },
  };
}

/** Connected, with all settings filled in that the integration and what would start require. */
function isReady(view: DirectoryView, enrollee: Enrollee): boolean {
  const { connection, configuration } = enrollee;
  const integration = view.integrations.get(connection.integrationId);
  if (connection.status !== "VALID" || integration?.isActive !== true) return false;
  const isFilled = startedByEnabling(view, enrollee).every(({ id, userSettings }) => {
    const { settings } = stateOf(configuration.workflowSettings, id);
    return missingSettings(userSettings, settings).length === 0;
  });
  return (
    isFilled && missingSettings(integration.userSettings, configuration.sharedSettings).length === 0
  );
}

function startedByEnabling(view: DirectoryView, enrollee: Enrollee) {
  return [...view.workflows.values()]
    .filter(isRunnable)
    .filter(({ trigger, integrationId }) => {
      return trigger.type === "enabled" && integrationId === enrollee.connection.integrationId;
    })
    .filter((workflow) => refuseRun(view, workflow, enrollee) === undefined);
}
