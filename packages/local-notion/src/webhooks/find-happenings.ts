import { isDeepStrictEqual } from "node:util";
import { presentImport } from "../api/present-upload.ts";
import { transcriptOf } from "../blocks/meeting-notes.ts";
import { encodeId } from "../properties/find-column.ts";
import type {
  BlockNode,
  Comment,
  DatabaseNode,
  DataSourceNode,
  Node,
  PageNode,
  Upload,
  ViewRecord,
} from "../store/records.ts";
import type { Committed, Store } from "../store/store.ts";
import type { EntityType, EventType, Happening } from "./event.ts";

/** What a request's changes mean to those who follow the workspace. */
export function findHappenings(
  changes: readonly Committed[],
  store: Store,
  time: number,
): Happening[] {
  return changes.flatMap(({ table, before, after }) => {
    // The borders to the store: a record is of its table's type.
    switch (table) {
      case "nodes":
        return ofNode(before as Node | undefined, after as Node | undefined, { store, time });
      case "comments":
        return ofComment(before as Comment | undefined, after as Comment | undefined, {
          store,
          time,
        });
      case "uploads":
        return ofUpload(before as Upload | undefined, after as Upload | undefined, time);
      case "views":
        return ofView(before as ViewRecord | undefined, after as ViewRecord | undefined, time);
      default:
        return [];
    }
  });
}

interface Scene {
  store: Store;
  time: number;
}

function happening(
  type: EventType,
  about: { id: string; nodeId: string | undefined; author: string; time: number },
  details: Partial<Pick<Happening, "updatedBlocks" | "updatedProperties" | "extra">> = {},
): Happening {
  // Every type is named after its entity.
  const entityType = type.slice(0, type.indexOf(".")) as EntityType;
  return {
    type,
    entity: { id: about.id, type: entityType },
    nodeId: about.nodeId,
    authors: [about.author],
    time: about.time,
    updatedBlocks: [],
    updatedProperties: [],
    extra: {},
    ...details,
  };
}

function ofNode(before: Node | undefined, after: Node | undefined, scene: Scene): Happening[] {
  // A node only goes altogether when the workspace is started over, which is no event.
  if (!after || (before && before.kind !== after.kind)) return [];
  switch (after.kind) {
    case "page":
      return ofPage(before as PageNode | undefined, after, scene);
    case "block":
      return ofBlock(before as BlockNode | undefined, after, scene);
    case "database":
      return ofDatabase(before as DatabaseNode | undefined, after, scene);
    case "data_source":
      return ofDataSource(before as DataSourceNode | undefined, after, scene);
  }
}

function aboutNode(node: Node, { time }: Scene) {
  return { id: node.id, nodeId: node.id, author: node.editedBy, time };
}

function ofPage(before: PageNode | undefined, after: PageNode, scene: Scene): Happening[] {
  const about = aboutNode(after, scene);
  if (!before) return [happening("page.created", about), ...inParent(after, scene)];
  const found: Happening[] = moves(before, after, scene);
  if (before.isLocked !== after.isLocked) {
    found.push(happening(after.isLocked ? "page.locked" : "page.unlocked", about));
  }
  const changed = changedProperties(before, after);
  if (changed.includes("title")) found.push(happening("page.content_updated", about));
  if (changed.length > 0) {
    const updatedProperties = changed.map(encodeId);
    found.push(happening("page.properties_updated", about, { updatedProperties }));
  }
  return found;
}

function changedProperties(before: PageNode, after: PageNode): string[] {
  const ids = new Set([...Object.keys(before.properties), ...Object.keys(after.properties)]);
  return [...ids].filter((id) => !isDeepStrictEqual(before.properties[id], after.properties[id]));
}

/** A block is told of as content of its page. */
function ofBlock(before: BlockNode | undefined, after: BlockNode, scene: Scene): Happening[] {
  const isChanged =
    !before ||
    before.inTrash !== after.inTrash ||
    before.parentId !== after.parentId ||
    !isDeepStrictEqual(before.content, after.content);
  if (!isChanged) return [];
  for (const ancestor of scene.store.nodes.ancestorsOf(after)) {
    if (ancestor.kind !== "page") continue;
    const about = { ...aboutNode(ancestor, scene), author: after.editedBy };
    const updatedBlocks = [{ id: after.id, type: "block" }];
    return [
      happening("page.content_updated", about, { updatedBlocks }),
      ...ofTranscript(before, after, { about, store: scene.store }),
    ];
  }
  return [];
}

/** The transcript of meeting notes is a block in them, and its deletion an event of its own. */
function ofTranscript(
  before: BlockNode | undefined,
  after: BlockNode,
  { about, store }: { about: Parameters<typeof happening>[1]; store: Store },
): Happening[] {
  if (!before || before.inTrash || !after.inTrash) return [];
  const notes = store.get("nodes", after.parentId);
  if (notes?.kind !== "block" || transcriptOf(notes) !== after.id) return [];
  const extra = { target: { id: notes.id, type: "block" }, transcript_id: after.id };
  return [happening("page.transcription_block.transcript_deleted", about, { extra })];
}

function ofDatabase(
  before: DatabaseNode | undefined,
  after: DatabaseNode,
  scene: Scene,
): Happening[] {
  const about = aboutNode(after, scene);
  if (!before) return [happening("database.created", about), ...inParent(after, scene)];
  const found = moves(before, after, scene);
  const look = ({ title, description, icon, cover, isInline }: DatabaseNode): unknown => [
    title,
    description,
    icon,
    cover,
    isInline,
  ];
  if (!isDeepStrictEqual(look(before), look(after))) {
    found.push(happening("database.content_updated", about));
  }
  return found;
}

function ofDataSource(
  before: DataSourceNode | undefined,
  after: DataSourceNode,
  scene: Scene,
): Happening[] {
  const about = aboutNode(after, scene);
  if (!before) return [happening("data_source.created", about)];
  const found = moves(before, after, scene);
  const updatedProperties = changedColumns(before, after);
  if (updatedProperties.length > 0) {
    found.push(happening("data_source.schema_updated", about, { updatedProperties }));
  }
  if (!isDeepStrictEqual([before.title, before.icon], [after.title, after.icon])) {
    found.push(happening("data_source.content_updated", about));
  }
  return found;
}

function changedColumns(before: DataSourceNode, after: DataSourceNode): object[] {
  const was = new Map(before.schema.map((column) => [column.id, column]));
  const is = new Map(after.schema.map((column) => [column.id, column]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
    const [old, now] = [was.get(id), is.get(id)];
    if (isDeepStrictEqual(old, now)) return [];
    const action = !old ? "created" : now ? "updated" : "deleted";
    return [{ id: encodeId(id), name: now?.name ?? old?.name ?? null, action }];
  });
}

function moves(before: Node, after: Node, scene: Scene): Happening[] {
  if (after.kind === "block") return [];
  const about = aboutNode(after, scene);
  const found: Happening[] = [];
  if (before.parentId !== after.parentId) found.push(happening(`${after.kind}.moved`, about));
  if (before.inTrash === after.inTrash) return found;
  const type = after.inTrash ? "deleted" : "undeleted";
  return [...found, happening(`${after.kind}.${type}`, about), ...inParent(after, scene)];
}

/** A page or database that comes or goes changes the content of what it is in. */
function inParent(node: PageNode | DatabaseNode | DataSourceNode, scene: Scene): Happening[] {
  const parent = scene.store.get("nodes", node.parentId);
  const updatedBlocks = [{ id: node.id, type: node.kind === "database" ? "database" : "page" }];
  if (parent?.kind !== "page" && parent?.kind !== "data_source") return [];
  const about = { ...aboutNode(parent, scene), author: node.editedBy };
  return [happening(`${parent.kind}.content_updated`, about, { updatedBlocks })];
}

function ofComment(
  before: Comment | undefined,
  after: Comment | undefined,
  { store, time }: Scene,
): Happening[] {
  const comment = after ?? before;
  if (!comment) return [];
  const type = !before ? "comment.created" : after ? "comment.updated" : "comment.deleted";
  const node = store.get("nodes", comment.parentId);
  if (!node) return [];
  const page =
    node.kind === "page"
      ? node
      : [...store.nodes.ancestorsOf(node)].find(({ kind }) => kind === "page");
  const parent = { id: node.id, type: node.kind === "page" ? "page" : "block" };
  const extra = { parent, page_id: page?.id ?? null };
  const about = { id: comment.id, nodeId: node.id, author: comment.createdBy, time };
  return [happening(type, about, { extra })];
}

function ofUpload(
  before: Upload | undefined,
  after: Upload | undefined,
  time: number,
): Happening[] {
  if (!after) return [];
  const about = { id: after.id, nodeId: undefined, author: after.createdBy, time };
  if (!before) return [happening("file_upload.created", about)];
  if (before.status === after.status) return [];
  switch (after.status) {
    case "pending":
      return [];
    case "uploaded":
      return [happening("file_upload.completed", about)];
    case "expired":
      return [happening("file_upload.expired", about)];
    case "failed":
      return [happening("file_upload.upload_failed", about, { extra: presentImport(after) })];
  }
}

function ofView(
  before: ViewRecord | undefined,
  after: ViewRecord | undefined,
  time: number,
): Happening[] {
  const view = after ?? before;
  if (!view) return [];
  const about = { id: view.id, nodeId: view.databaseId, author: view.editedBy, time };
  if (!before) return [happening("view.created", about, { extra: { view_type: view.type } })];
  if (!after) return [happening("view.deleted", about)];
  const fields = (["name", "filter", "sorts", "configuration"] as const).filter(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  );
  if (fields.length === 0) return [];
  return [happening("view.updated", about, { extra: { updated_fields: fields } })];
}
