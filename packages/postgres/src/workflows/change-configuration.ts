import type { ConfigurationChange, Connection } from "@tenon/connections";
import {
  type ConfigurationTarget,
  type DeployedWorkflow,
  type LockedConfiguration,
  schedulesOf,
  SettingInputs,
  stateOf,
} from "@tenon/runtime";
import { Condition, Trigger } from "@tenon/workflow";
import { sql, type Transaction } from "kysely";
import { selectConnections, toConnection } from "../connections/connection-rows.ts";
import type { Database } from "../tables.ts";
import { readEnrollees } from "./enrollee-rows.ts";
import { toWorkflowIntegration } from "./name-reader.ts";
import { listenFor } from "../triggers/listeners.ts";
import { putSchedules, readNow } from "./plan-schedules.ts";

type Decide = (locked: LockedConfiguration) => ConfigurationChange | undefined;

/**
 * Changes one configuration, and with it its schedules and what it listens for.
 *
 * - Locked in this order: the integration's workflows (shared), the user (shared), the
 *   configuration. Who deploys, undeploys or removes a workflow, or changes the user's metadata,
 *   waits or was first; changes of one configuration follow each other.
 */
export async function changeConfiguration(
  transaction: Transaction<Database>,
  target: ConfigurationTarget,
  decide: Decide,
): Promise<Connection | undefined> {
  const locked = await lock(transaction, target);
  if (locked === undefined) return undefined;
  const change = decide(locked);
  const { configuration, workflows, user } = locked;
  if (change !== undefined) await write(transaction, configuration.id, change);
  const workflowSettings = change?.workflowSettings ?? configuration.workflowSettings;
  const now = await readNow(transaction);
  const planned = schedulesOf(workflowSettings, { workflows, user, now });
  await transaction
    .deleteFrom("schedules")
    .where("configuration_id", "=", configuration.id)
    .$if(planned.length > 0, (query) =>
      query.where(
        "workflow_id",
        "not in",
        planned.map(({ workflowId }) => workflowId),
      ),
    )
    .execute();
  const place = { configurationId: configuration.id, projectId: target.projectId };
  await putSchedules(
    transaction,
    planned.map((schedule) => ({ ...schedule, ...place })),
  );
  await listenFor(transaction, {
    ...place,
    connectionId: target.connectionId,
    workflows: workflows.filter(({ id }) => stateOf(workflowSettings, id).enabled),
  });
  const row = await selectConnections(transaction)
    .where("connections.id", "=", target.connectionId)
    .executeTakeFirst();
  return row && toConnection(row);
}

async function lock(
  transaction: Transaction<Database>,
  target: ConfigurationTarget,
): Promise<LockedConfiguration | undefined> {
  const integration = await transaction
    .selectFrom("connections")
    .innerJoin("integrations", "integrations.id", "connections.integration_id")
    .select([
      "integrations.id",
      "integrations.project_id",
      "integrations.connector_id",
      "integrations.is_active",
      "integrations.user_settings",
    ])
    .where("connections.id", "=", target.connectionId)
    .where("connections.project_id", "=", target.projectId)
    .where("connections.user_id", "=", target.userId)
    .executeTakeFirst();
  if (integration === undefined) return undefined;
  const workflowIds = await lockWorkflows(transaction, integration.id);
  await transaction
    .selectFrom("connected_users")
    .select("id")
    .where("id", "=", target.userId)
    .forShare()
    .execute();
  await transaction
    .selectFrom("configurations")
    .select("id")
    .where("id", "=", target.configurationId)
    .forUpdate()
    .execute();
  // Read after all is locked: each statement sees what was committed before it began.
  const enrollees = await readEnrollees(transaction, [target.connectionId]);
  const enrollee = enrollees.find(
    ({ configuration }) => configuration.id === target.configurationId,
  );
  if (enrollee === undefined) return undefined;
  return {
    ...enrollee,
    integration: toWorkflowIntegration(integration),
    workflows: await readDeployed(transaction, workflowIds),
  };
}

async function lockWorkflows(
  transaction: Transaction<Database>,
  integrationId: string,
): Promise<string[]> {
  const rows = await transaction
    .selectFrom("workflows")
    .select("id")
    .where("integration_id", "=", integrationId)
    .where("deleted_at", "is", null)
    .orderBy("id")
    .forShare()
    .execute();
  return rows.map(({ id }) => id);
}

async function readDeployed(
  transaction: Transaction<Database>,
  workflowIds: readonly string[],
): Promise<DeployedWorkflow[]> {
  if (workflowIds.length === 0) return [];
  const rows = await transaction
    .selectFrom("workflows")
    .innerJoin("workflow_versions as version", "version.id", "workflows.deployed_version_id")
    .select([
      "workflows.id",
      "workflows.title",
      "workflows.user_settings",
      "workflows.hidden",
      "workflows.default_enabled",
      "workflows.permissions",
      sql`version.definition -> 'trigger'`.as("trigger"),
    ])
    .where("workflows.id", "in", workflowIds)
    .where("workflows.deleted_at", "is", null)
    .execute();
  return rows.flatMap((row) => {
    const trigger = Trigger.safeParse(row.trigger).data;
    if (trigger === undefined) return [];
    return {
      id: row.id,
      title: row.title,
      userSettings: SettingInputs.parse(row.user_settings),
      hidden: row.hidden,
      defaultEnabled: row.default_enabled,
      permissions: Condition.nullable().parse(row.permissions),
      trigger,
    };
  });
}

async function write(
  transaction: Transaction<Database>,
  configurationId: string,
  { workflowSettings, sharedSettings, meta }: ConfigurationChange,
): Promise<void> {
  await transaction
    .updateTable("configurations")
    .set({
      ...(workflowSettings && { workflow_settings: JSON.stringify(workflowSettings) }),
      ...(sharedSettings && { shared_settings: JSON.stringify(sharedSettings) }),
      ...(meta && { meta: JSON.stringify(meta) }),
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", configurationId)
    .execute();
}
