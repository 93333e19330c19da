import type { DeployedWorkflow } from "@tenon/runtime";
import type { IntegrationTrigger, Trigger } from "@tenon/workflow";
import { sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";

/**
 * Who listens is kept in the transaction that makes it so: a workflow listens for a configuration
 * while it is deployed with a trigger of the connector and enabled there. Else its listener is
 * paused, and goes on where it stopped or begins anew, as its trigger says.
 */

type Tx = Transaction<Database>;
type Listening = DeployedWorkflow & { trigger: IntegrationTrigger };

/** Makes one configuration listen for these workflows, and for no others. */
export async function listenFor(
  tx: Tx,
  place: {
    projectId: string;
    connectionId: string;
    configurationId: string;
    workflows: readonly DeployedWorkflow[];
  },
): Promise<void> {
  const { configurationId } = place;
  const wanted = place.workflows.flatMap((workflow): Listening[] => {
    const { trigger } = workflow;
    return trigger.type === "integration" ? [{ ...workflow, trigger }] : [];
  });
  for (const { id, trigger } of wanted) {
    const source = sql`
      select ${place.projectId}::uuid, ${place.connectionId}::uuid, ${configurationId}::uuid`;
    await putListeners(tx, { workflowId: id, trigger, source });
  }
  await tx
    .updateTable("listeners")
    .set({ paused_at: sql`clock_timestamp()` })
    .where("configuration_id", "=", configurationId)
    .where("paused_at", "is", null)
    .$if(wanted.length > 0, (query) =>
      query.where(
        "workflow_id",
        "not in",
        wanted.map(({ id }) => id),
      ),
    )
    .execute();
}

/** Makes all configurations that have a workflow enabled listen for it. */
export async function listenForAll(
  tx: Tx,
  workflow: { id: string; project_id: string; integration_id: string },
  trigger: Trigger,
): Promise<void> {
  if (trigger.type !== "integration") {
    await pauseListeners(tx, workflow.id);
    return;
  }
  const enabled = JSON.stringify({ [workflow.id]: { enabled: true } });
  const source = sql`
    select configurations.project_id, configurations.connection_id, configurations.id
    from configurations
    join connections on connections.id = configurations.connection_id
    where workflow_settings @> ${enabled}::jsonb
      and connections.integration_id = ${workflow.integration_id}`;
  await putListeners(tx, { workflowId: workflow.id, trigger, source });
}

/** A workflow that is not deployed any more. */
export async function pauseListeners(tx: Tx, workflowId: string): Promise<void> {
  await tx
    .updateTable("listeners")
    .set({ paused_at: sql`clock_timestamp()` })
    .where("workflow_id", "=", workflowId)
    .where("paused_at", "is", null)
    .execute();
}

/** A workflow that was removed. */
export async function forgetListeners(tx: Tx, workflowId: string): Promise<void> {
  await tx.deleteFrom("listeners").where("workflow_id", "=", workflowId).execute();
}

/**
 * Writes listeners of a workflow. One that is there goes on as it was; one that was paused goes on
 * where it stopped if it was to catch up, else from now; one of another trigger begins anew.
 */
async function putListeners(
  tx: Tx,
  listening: { workflowId: string; trigger: IntegrationTrigger; source: ReturnType<typeof sql> },
): Promise<void> {
  const { workflowId, trigger, source } = listening;
  const beginsAnew = sql`(listeners.trigger_id <> excluded.trigger_id
    or (listeners.paused_at is not null and not listeners.catches_up))`;
  await sql`
    insert into listeners (
      id, project_id, connection_id, configuration_id, workflow_id, trigger_id, catches_up
    )
    select gen_random_uuid(), found.*, ${workflowId}::uuid, ${trigger.trigger}::text,
      ${trigger.afterPause === "catchUp"}::boolean
    from (${source}) as found
    on conflict (configuration_id, workflow_id) do update set
      trigger_id = excluded.trigger_id,
      catches_up = excluded.catches_up,
      since = case when ${beginsAnew} then clock_timestamp() else listeners.since end,
      behind_since = case when ${beginsAnew} then null
        else coalesce(listeners.behind_since, listeners.paused_at) end,
      paused_at = null`.execute(tx);
  await sql`
    insert into watches (connection_id, project_id, connector_id, since, watermark)
    select connections.id, connections.project_id, connections.connector_id,
      clock_timestamp(), clock_timestamp()
    from (${source}) as found (project_id, connection_id, configuration_id)
    join connections on connections.id = found.connection_id
    on conflict (connection_id) do update set
      next_poll_at = clock_timestamp()`.execute(tx);
}
