import { randomUUID } from "node:crypto";
import type { ConfigurationChange, Connection, ConnectionStore } from "@tenon/connections";
import * as z from "zod";
import type { Accounts } from "./accounts.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import { applySettings, disableUnpermitted, disableWorkflow, enableWorkflow } from "./enabling.ts";
import type {
  ConfigurationTarget,
  EnrollmentStore,
  LockedConfiguration,
} from "./enrollment-store.ts";
import type { ConfigurationSelector, Enrollments, WorkflowUser } from "./enrollments.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { offeredTo } from "./offered.ts";
import { requireStorable, parseInput } from "./parse-input.ts";
import {
  selectConfiguration,
  toTarget,
  unknownConfiguration,
  unknownConnection,
} from "./select-configuration.ts";
import type { Settler } from "./settler.ts";
import { unknownWorkflow } from "./workflow-finding.ts";
import { ownMeta } from "./workflow-states.ts";

/** Bytes of settings or meta of one change. */
const maxBytes = 1_000_000;

const ExternalId = z.string().trim().min(1).max(200);

interface EnrollmentsOptions {
  enrollments: EnrollmentStore;
  connections: ConnectionStore;
  directory: Directory;
  accounts: Accounts;
  settler: Settler;
  prepareToListen?: (connectionId: string) => Promise<void>;
}

/** Creates what connected users' enrollments are changed with. */
export function createEnrollments(options: EnrollmentsOptions): Enrollments {
  const { enrollments, directory, accounts, settler, prepareToListen } = options;
  const { change, locate, locateOn } = createLocating(options);
  return {
    ...createConfigurations(options),

    async offered(user) {
      const view = await directory.get(user.projectId);
      return new Map([...view.integrations.keys()].map((id) => [id, offeredOf(view, id, user)]));
    },

    async enable(user, workflowId, selector) {
      const { workflow, target } = await locate(user, workflowId, selector);
      if (workflow.trigger?.type === "integration") await prepareToListen?.(target.connectionId);
      return change(target, (locked) => enableWorkflow(locked, workflow));
    },

    async disable(user, workflowId, selector) {
      const { workflow, target } = await locate(user, workflowId, selector);
      return change(target, (locked) => disableWorkflow(locked, workflow.id));
    },

    async changeSettings(user, at, settings) {
      requireStorable(settings, maxBytes, "settings");
      const target = await locateOn(user, at);
      const states = Object.entries(settings.workflowSettings ?? {});
      if (states.some(([, { enabled }]) => enabled === true)) {
        const { workflows } = await directory.get(user.projectId);
        const listens = states.some(([id]) => workflows.get(id)?.trigger?.type === "integration");
        if (listens) await prepareToListen?.(target.connectionId);
      }
      const connection = await change(target, (locked) => applySettings(locked, settings));
      // They may have been all that Integration Enabled waited for.
      await settler.settle(user.projectId, connection.id);
      return connection;
    },

    connected: (projectId, connectionId) => settler.settle(projectId, connectionId),

    async metadataChanged(projectId, userId) {
      for (const enrollee of await enrollments.list(projectId, { userId })) {
        const target = toTarget(enrollee.user, enrollee);
        // Even where nothing is disabled: schedules may be in another zone now.
        await enrollments.change(target, disableUnpermitted);
        accounts.forget(target.configurationId);
      }
    },
  };
}

type ConfigurationParts = Pick<
  Enrollments,
  "createConfiguration" | "updateConfiguration" | "removeConfiguration"
>;

function createConfigurations(options: EnrollmentsOptions): ConfigurationParts {
  const { enrollments, connections, accounts, settler } = options;
  const { change, locateOn } = createLocating(options);
  return {
    async createConfiguration(user, connectionId, configuration) {
      const externalId =
        configuration.externalId === undefined
          ? null
          : parseInput(ExternalId, configuration.externalId, "externalId");
      const scope = { projectId: user.projectId, userId: user.id };
      const place = { ...scope, connectionId };
      const made = await enrollments.create(place, { id: randomUUID(), externalId });
      accounts.forget(connectionId);
      if (made === undefined) throw unknownConnection(connectionId);
      if (made === "conflict") {
        throw lifecycleError(
          "conflict",
          `The connection ${connectionId} has a configuration "${externalId}" already.`,
        );
      }
      await settler.settle(user.projectId, made.id);
      return (await connections.find(scope, connectionId)) ?? made;
    },

    async updateConfiguration(user, at, meta) {
      requireStorable(meta, maxBytes, "meta");
      const own: readonly string[] = Object.values(ownMeta);
      const given = Object.entries(meta).filter(([key]) => !own.includes(key));
      const target = await locateOn(user, at);
      return change(target, ({ configuration }) => ({
        meta: { ...configuration.meta, ...Object.fromEntries(given) },
      }));
    },

    async removeConfiguration(user, at) {
      const target = await locateOn(user, at);
      const removed = await enrollments.remove(target);
      accounts.forget(target.configurationId);
      if (removed !== undefined) return removed;
      throw lifecycleError(
        "default_configuration",
        `The configuration ${target.configurationId} is the connection's default one and stays as long as the connection.`,
      );
    },
  };
}

/** How a change finds the configuration it is of. */
function createLocating({ enrollments, connections, directory, accounts }: EnrollmentsOptions) {
  return {
    async change(
      target: ConfigurationTarget,
      decide: (locked: LockedConfiguration) => ConfigurationChange | undefined,
    ): Promise<Connection> {
      const changed = await enrollments.change(target, decide);
      accounts.forget(target.configurationId);
      if (changed === undefined) throw unknownConfiguration(target.configurationId);
      return changed;
    },

    /** A workflow, and the configuration that a selector names. */
    async locate(
      user: WorkflowUser,
      workflowId: string,
      selector: ConfigurationSelector | undefined,
    ) {
      const view = await directory.reload(user.projectId);
      const workflow = view.workflows.get(workflowId.toLowerCase());
      if (workflow === undefined) throw unknownWorkflow(workflowId);
      const owned = await accounts.reload(user, workflow.integrationId);
      return { workflow, target: toTarget(user, selectConfiguration(owned, selector)) };
    },

    async locateOn(
      user: WorkflowUser,
      { connectionId, configuration }: { connectionId: string; configuration?: string | undefined },
    ): Promise<ConfigurationTarget> {
      const scope = { projectId: user.projectId, userId: user.id };
      const connection = await connections.find(scope, connectionId);
      if (connection === undefined) throw unknownConnection(connectionId);
      return toTarget(user, selectConfiguration([connection], { configuration }));
    },
  };
}

function offeredOf(view: DirectoryView, integrationId: string, user: WorkflowUser) {
  const workflows = [...view.workflows.values()].filter(
    (workflow) => workflow.integrationId === integrationId,
  );
  const inputs = view.integrations.get(integrationId)?.userSettings ?? [];
  return { inputs, ...offeredTo(workflows, user) };
}
