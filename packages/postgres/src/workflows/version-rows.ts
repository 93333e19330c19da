import { randomUUID } from "node:crypto";
import type { Version, VersionKind } from "@tenon/runtime";
import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";

/** Selects a workflow's versions, and which one is deployed. */
export function selectVersions(db: Kysely<Database>) {
  return db
    .selectFrom("workflow_versions as version")
    .innerJoin("workflows", "workflows.id", "version.workflow_id")
    .select([
      "version.id",
      "version.workflow_id",
      "version.number",
      "version.kind",
      "version.name",
      "version.created_at",
      sql<boolean>`version.id is not distinct from workflows.deployed_version_id`.as("is_deployed"),
    ])
    .where("workflows.deleted_at", "is", null);
}

type VersionRow = Pick<
  Selectable<Database["workflow_versions"]>,
  "id" | "workflow_id" | "number" | "kind" | "name" | "created_at"
> & { is_deployed: boolean };

export function toVersion(row: VersionRow): Version {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    number: row.number,
    kind: row.kind,
    name: row.name,
    isDeployed: row.is_deployed,
    createdAt: row.created_at,
  };
}

/** Writes the next version of a workflow whose row the transaction has locked. */
export async function insertVersion(
  transaction: Transaction<Database>,
  of: { workflowId: string; projectId: string },
  version: { kind: VersionKind; name: string | null; definition: object },
): Promise<string> {
  const id = randomUUID();
  await transaction
    .insertInto("workflow_versions")
    .values({
      id,
      project_id: of.projectId,
      workflow_id: of.workflowId,
      number: sql<number>`(
        select coalesce(max(number), 0) + 1 from workflow_versions
        where workflow_id = ${of.workflowId}
      )`,
      kind: version.kind,
      name: version.name,
      definition: JSON.stringify(version.definition),
    })
    .execute();
  return id;
}
