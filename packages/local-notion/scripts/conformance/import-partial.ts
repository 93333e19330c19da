import { newUuid } from "../../src/ids.ts";
import type { Instance } from "../../src/instance.ts";
import { translateBody, type IdMap } from "./compare.ts";
import { importObject } from "./import-state.ts";
import { parentOf } from "./known-objects.ts";
import { isObject, objectsIn, textOf, type Exchange, type JsonObject } from "./recording.ts";
import { mentioned } from "./shown-objects.ts";
import { toView } from "./to-records.ts";

const start = new Date(0).toISOString();

/**
 * Things a request is about that no answer shows in full, as far as other answers tell of them:
 * a view when it is deleted, a database as the parent of what is made in it, a page of which only
 * the Markdown is written.
 */
export function importPartial(
  instance: Instance,
  exchange: Exchange,
  { ids, cassette }: { ids: IdMap; cassette: Exchange[] },
): void {
  if (exchange.status >= 400) return;
  for (const recordedId of mentioned(exchange)) {
    const id = ids.get(recordedId) ?? recordedId;
    importView(instance, id, { ids, cassette });
  }
  importHome(instance, exchange, ids);
  importMentioned(instance, exchange, ids);
  const page = /^\/v1\/pages\/([0-9a-f-]{36})\/markdown$/.exec(exchange.path)?.[1];
  const pageId = page === undefined ? undefined : (ids.get(page) ?? page);
  if (pageId !== undefined && !instance.store.get("nodes", pageId)) {
    importObject(instance, { object: "page", ...stamp(pageId), properties: {} }, new Map());
  }
  instance.store.commit();
}

function stamp(id: string): JsonObject {
  return { id, created_time: start, last_edited_time: start };
}

/** A view is told of in part when it is deleted; such a table has no filter that anything shows. */
function importView(
  instance: Instance,
  id: string,
  { ids, cassette }: { ids: IdMap; cassette: Exchange[] },
): void {
  const { store } = instance;
  if (store.get("views", id)) return;
  for (const { res } of cassette) {
    const view = translateBody(res, ids);
    if (!isObject(view) || view["object"] !== "view" || view["id"] !== id) continue;
    const databaseId = parentOf(view) ?? "";
    const source = store.nodes.childrenOf(databaseId).find(({ kind }) => kind === "data_source");
    const record = toView({ ...view, ...stamp(id), data_source_id: source?.id ?? "" });
    store.put("views", record);
    return;
  }
}

/** The database a data source is made in, which may be seen only as its parent. */
function importHome(instance: Instance, { method, path, res }: Exchange, ids: IdMap): void {
  if (method !== "POST" || path !== "/v1/data_sources") return;
  const source = translateBody(res, ids);
  if (!isObject(source)) return;
  const { store } = instance;
  const id = parentOf(source) ?? "";
  if (!store.get("nodes", id)) {
    const parent = source["database_parent"] ?? null;
    importObject(instance, { object: "database", ...stamp(id), parent, title: [] }, new Map());
  }
  // Every database is made with a data source, which may be shown nowhere.
  if (store.nodes.childrenOf(id).some(({ kind }) => kind === "data_source")) return;
  const parent = { type: "database_id", database_id: id };
  const first = { object: "data_source", ...stamp(newUuid()), parent, title: [] };
  importObject(instance, first, new Map());
}

/** What a text mentions, which may be shown only by what the mention reads. */
function importMentioned(instance: Instance, { res }: Exchange, ids: IdMap): void {
  for (const run of objectsIn(translateBody(res, ids))) {
    const mention = run["mention"];
    const kind = isObject(mention) ? textOf(mention["type"]) : "";
    const target = isObject(mention) ? mention[kind] : undefined;
    const id = isObject(target) ? textOf(target["id"]) : "";
    const known = instance.store.get("nodes", id);
    const isTold = known !== undefined && known.createdTime !== 0;
    if (id === "" || isTold || (kind !== "page" && kind !== "database")) continue;
    const title = [{ type: "text", text: { content: textOf(run["plain_text"]), link: null } }];
    const properties = { title: { id: "title", type: "title", title } };
    importObject(instance, { object: kind, ...stamp(id), title, properties }, new Map());
  }
}

/** Whether an answer shows two different things under one id, as hiding ids has made them. */
export function showsOneIdTwice({ res }: Exchange): boolean {
  const seen = new Map<string, string>();
  for (const object of objectsIn(res)) {
    const id = textOf(object["id"]);
    if (typeof object["object"] !== "string" || !("name" in object) || id === "") continue;
    const name = `${object["object"]} ${textOf(object["name"])}`;
    if ((seen.get(id) ?? name) !== name) return true;
    seen.set(id, name);
  }
  return false;
}
