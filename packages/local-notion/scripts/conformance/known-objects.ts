import { toDashed } from "../../src/ids.ts";
import {
  isObject,
  listOf,
  objectsIn,
  textOf,
  type Exchange,
  type Json,
  type JsonObject,
} from "./recording.ts";

/** What a cassette shows of the workspace as it was before its first request. */
export interface Known {
  workspace: { id: string; name: string };
  bot: { id: string; name: string };
  people: JsonObject[];
  nodes: JsonObject[];
  comments: JsonObject[];
  views: JsonObject[];
  uploads: JsonObject[];
  /** Places among siblings, from the order in which they were listed. */
  orders: Map<string, number>;
  /** Ids of what the cassette's own requests made. */
  made: Set<string>;
  /** Ids that requests name as parents. */
  usedParents: Set<string>;
  /** What kind of thing an id is, from how others name it as their parent. */
  kinds: Map<string, string>;
  /** Parents of databases that are only shown through their data sources. */
  databaseParents: Map<string, JsonObject>;
  /** Blocks with children that are never shown. */
  hollow: string[];
}

const nodeKinds = new Set(["page", "database", "data_source", "block"]);

export function findKnown(exchanges: Exchange[]): Known {
  const made = findMade(exchanges);
  const first = new Map<string, JsonObject>();
  for (const { res, method } of exchanges) {
    for (const object of objectsIn(res)) {
      const id = textOf(object["id"]);
      if (!isFull(object) || made.has(id)) continue;
      const known = first.get(id);
      // A page seen as a block first and as a page later is a page.
      if (!known || (known["object"] === "block" && object["object"] !== "block")) {
        first.set(id, asBefore(object, method));
      }
    }
  }
  const all = [...first.values()];
  const of = (kind: string): JsonObject[] => all.filter((object) => object["object"] === kind);
  return {
    ...findWho(exchanges),
    nodes: all.filter((object) => nodeKinds.has(textOf(object["object"]))),
    comments: of("comment"),
    views: of("view"),
    uploads: of("file_upload"),
    orders: findOrders(exchanges),
    made,
    usedParents: findUsedParents(exchanges),
    kinds: findKinds(exchanges),
    databaseParents: new Map(
      of("data_source").map((source) => [parentOf(source) ?? "", source] as const),
    ),
    hollow: findHollow(all, exchanges),
  };
}

const parentKinds = ["page_id", "block_id", "database_id", "data_source_id"];

function findKinds(exchanges: Exchange[]): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const { res } of exchanges) {
    for (const object of objectsIn(res)) {
      const named = parentKinds.filter((kind) => typeof object[kind] === "string");
      for (const kind of named) kinds.set(toDashed(textOf(object[kind])), kind);
    }
  }
  return kinds;
}

function findHollow(all: JsonObject[], exchanges: Exchange[]): string[] {
  const parents = new Set<string>();
  for (const { res } of exchanges) {
    for (const object of objectsIn(res)) parents.add(parentOf(object) ?? "");
  }
  return all
    .filter((object) => object["object"] === "block" && object["has_children"] === true)
    .map((object) => textOf(object["id"]))
    .filter((id) => !parents.has(id));
}

/** What is first seen when it is thrown away was not in the trash before. */
function asBefore(object: JsonObject, method: string): JsonObject {
  return method === "DELETE" || method === "PATCH" ? { ...object, in_trash: false } : object;
}

function isFull(object: JsonObject): boolean {
  const kind = textOf(object["object"]);
  return kind !== "user" && kind !== "list" && kind !== "error" && "created_time" in object;
}

/** Ids of what requests of the cassette created, with all that is below it. */
function findMade(exchanges: Exchange[]): Set<string> {
  const made = new Set(exchanges.filter(({ status }) => status < 400).flatMap(madeBy));
  const objects = exchanges.flatMap(({ res }) => [...objectsIn(res)]).filter(isFull);
  let size = 0;
  while (size < made.size) {
    size = made.size;
    for (const object of objects) {
      if (made.has(parentOf(object) ?? "")) made.add(textOf(object["id"]));
    }
  }
  return made;
}

const creating = /^\/v1\/(pages|databases|data_sources|comments|views|file_uploads)$/;

function madeBy({ method, path, req, res }: Exchange): string[] {
  if (!isObject(res)) return [];
  if (method === "POST" && creating.test(path)) {
    return [textOf(res["id"]), ...idsOf(listOf(res["data_sources"]))];
  }
  const isAppend = method === "PATCH" && path.endsWith("/children") && isObject(req);
  const count = isAppend ? listOf(req["children"]).length : 0;
  return idsOf(listOf(res["results"]).slice(0, count));
}

function idsOf(objects: Json[]): string[] {
  return objects.filter((object) => isObject(object)).map((object) => textOf(object["id"]));
}

export function parentOf(object: JsonObject): string | undefined {
  const parent = object["parent"];
  if (!isObject(parent)) return undefined;
  const key = textOf(parent["type"]);
  return typeof parent[key] === "string" ? textOf(parent[key]) : undefined;
}

function findWho(exchanges: Exchange[]): Pick<Known, "workspace" | "bot" | "people"> {
  const objects = exchanges.flatMap(({ res }) => [...objectsIn(res)]);
  const users = objects.filter((object) => object["object"] === "user");
  const people = users.filter((user) => user["type"] === "person");
  const self = users.find((user) => isObject(user["bot"]) && "workspace_id" in user["bot"]);
  const details = isObject(self?.["bot"]) ? self["bot"] : {};
  const refusal = objects.map(readRefusal).find((found) => found !== undefined);
  const named = objects.map(({ display_name: name }) => name).find(isIntegration);
  const id = refusal?.id ?? (textOf(self?.["id"]) || makerOf(exchanges));
  const inside = users.find((user) => user["type"] === "bot" && user["id"] === id);
  const commenters = objects.map(commenterIn).filter((person) => person !== undefined);
  const known = [...commenters, ...people];
  return {
    people: [...new Map(known.map((person) => [textOf(person["id"]), person])).values()],
    workspace: {
      id: textOf(details["workspace_id"]),
      name: textOf(details["workspace_name"]),
    },
    bot: {
      id,
      name:
        refusal?.name ??
        (textOf(self?.["name"]) || textOf(inside?.["name"]) || textOf(named?.["resolved_name"])),
    },
  };
}

/** Comments tell the names of the people who wrote them. */
function commenterIn(object: JsonObject): JsonObject | undefined {
  const display = object["display_name"];
  const author = object["created_by"];
  if (!isObject(display) || display["type"] !== "user" || !isObject(author)) return undefined;
  return { ...author, name: display["resolved_name"] ?? null, person: {} };
}

function isIntegration(display: Json | undefined): display is JsonObject {
  return isObject(display) && display["type"] === "integration";
}

/** Refusals name the integration that asked. */
function readRefusal(object: JsonObject): { id: string; name: string } | undefined {
  const name = /with your integration "(.*)"/.exec(textOf(object["message"]))?.[1];
  const additional = object["additional_data"];
  if (name === undefined || !isObject(additional)) return undefined;
  return { id: textOf(additional["integration_id"]), name };
}

function makerOf(exchanges: Exchange[]): string {
  for (const { method, res } of exchanges) {
    const maker = method === "POST" && isObject(res) ? res["created_by"] : undefined;
    if (isObject(maker)) return textOf(maker["id"]);
  }
  return "00000000-0000-4000-8000-0000000000f1";
}

/** Lists of children tell the order of blocks; unsorted queries that of rows, newest first. */
function findOrders(exchanges: Exchange[]): Map<string, number> {
  const orders = new Map<string, number>();
  for (const { path, req, res } of exchanges) {
    if (!isObject(res)) continue;
    const ids = listOf(res["results"]).map((one) => (isObject(one) ? textOf(one["id"]) : ""));
    const isSorted = isObject(req) && listOf(req["sorts"]).length > 0;
    if (path.endsWith("/query") && !isSorted) place(ids.toReversed());
    else if (path.endsWith("/children")) place(ids);
  }
  return orders;

  function place(ids: string[]): void {
    const start = Math.max(0, ...orders.values());
    for (const [index, id] of ids.entries()) {
      if (!orders.has(id)) orders.set(id, start + (index + 1) * 1_024);
    }
  }
}

function findUsedParents(exchanges: Exchange[]): Set<string> {
  const used = new Set<string>();
  for (const { req, path, method } of exchanges) {
    for (const object of objectsIn(req)) {
      const parent = object["parent"];
      if (isObject(parent) && typeof parent["page_id"] === "string") {
        used.add(toDashed(parent["page_id"]));
      }
    }
    const appended = /^\/v1\/blocks\/([0-9a-f-]{32,36})\/children$/.exec(path)?.[1];
    if (appended !== undefined && method !== "DELETE") used.add(toDashed(appended));
  }
  return used;
}
