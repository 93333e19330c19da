import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { BlockNode, DatabaseNode, DataSourceNode, Node, PageNode } from "../store/records.ts";
import { object } from "../validate/composites.ts";
import { parsePath } from "../validate/parse.ts";
import { id } from "../validate/scalars.ts";
import type { Call } from "./call.ts";
import type { View } from "./view.ts";

/** The id in the path, dashed; refused when it is none. */
export function pathId(call: Call, name: string): string {
  parsePath(object({ [name]: id() }), { [name]: call.params[name] });
  return toDashed(call.params[name] ?? "");
}

export function findPage(view: View, rawId: string): PageNode {
  const node = visible(view, rawId);
  if (node?.kind === "page") return node;
  if (node?.kind === "database") {
    throw NotionError.validation(
      `Provided page_id ${node.id} is a database, not a page. Use the database API instead, or pass the ID of the page itself.`,
    );
  }
  throw notFound("page", rawId, view);
}

/** A page, block or database: whatever can be addressed as a block. */
export function findBlock(view: View, rawId: string): PageNode | BlockNode | DatabaseNode {
  const node = visible(view, rawId);
  if (node && node.kind !== "data_source") return node;
  throw notFound("block", rawId, view);
}

export function findDatabase(view: View, rawId: string): DatabaseNode {
  const node = visible(view, rawId);
  if (node?.kind === "database") return node;
  if (node?.kind === "page") {
    throw NotionError.validation(
      `Provided database_id ${node.id} is a page, not a database. Use the page API instead, or pass the ID of the database itself.`,
    );
  }
  throw notFound("database", rawId, view);
}

export function findDataSource(view: View, rawId: string): DataSourceNode {
  const node = visible(view, rawId);
  if (node?.kind === "data_source") return node;
  throw notFound("data source", rawId, view);
}

function visible(view: View, rawId: string): Node | undefined {
  const node = view.store.get("nodes", toDashed(rawId));
  return node && view.canSee(node) ? node : undefined;
}

export function notFound(what: string, rawId: string, view: View): NotionError {
  const message =
    `Could not find ${what} with ID: ${toDashed(rawId)}. Make sure the relevant pages and ` +
    `databases are shared with your integration "${view.app.name}".`;
  const additionalData = { integration_id: view.connection.id };
  return new NotionError([404, "object_not_found"], message, { additionalData });
}

/** Refuses to change what is in the trash, in words for the kind of thing it is. */
export function assertEditable(view: View, node: Node): void {
  if (!view.store.nodes.isInTrash(node)) return;
  throw NotionError.validation(
    "Can't edit block that is archived. You must unarchive the block before editing.",
  );
}
