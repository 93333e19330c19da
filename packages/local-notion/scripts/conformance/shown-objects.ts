import { toDashed } from "../../src/ids.ts";
import {
  isObject,
  objectsIn,
  textOf,
  type Exchange,
  type Json,
  type JsonObject,
} from "./recording.ts";

export interface Shown {
  object: JsonObject;
  exchange: Exchange;
}

/** The state of every object of a cassette when it is first shown, and where that is. */
export function firstShown(exchanges: Exchange[]): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const exchange of exchanges) {
    for (const object of objectsIn(exchange.res)) {
      const id = textOf(object["id"]);
      if (!("created_time" in object) || shown.has(id)) continue;
      const isThrownAway = exchange.method === "DELETE";
      const before = isThrownAway ? { ...object, in_trash: false } : object;
      shown.set(id, { object: before, exchange });
    }
  }
  return shown;
}

const lasting = new Set(["database", "data_source"]);

/**
 * Databases and data sources that other cassettes of the same client, and so of the same workspace,
 * show: what a cassette only names may be told there.
 */
export function shownElsewhere(
  cassettes: ReadonlyMap<string, Exchange[]>,
  name: string,
): Map<string, JsonObject> {
  const client = name.split("/")[0];
  const found = new Map<string, JsonObject>();
  for (const [other, exchanges] of cassettes) {
    if (other === name || other.split("/")[0] !== client) continue;
    for (const [id, { object }] of firstShown(exchanges)) {
      if (lasting.has(textOf(object["object"])) && !found.has(id)) found.set(id, object);
    }
  }
  return found;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The first exchange of a cassette in whose request or answer each id occurs. */
export function firstMentions(exchanges: Exchange[]): Map<string, Exchange> {
  const mentions = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const { path, query, req, res } = exchange;
    const text = toDashedText(`${path} ${query} ${JSON.stringify(req)} ${JSON.stringify(res)}`);
    for (const [id] of text.matchAll(uuid)) {
      if (!mentions.has(id)) mentions.set(id, exchange);
    }
  }
  return mentions;
}

function toDashedText(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{32}\b/g, toDashed);
}

/**
 * Whether a request names something that no answer of its cassette shows, because the request that
 * made it was left out of the recordings: then nobody can tell what there was.
 */
export function namesUnseen(exchange: Exchange, cassette: Exchange[]): boolean {
  if (exchange.status >= 400) return false;
  const isShownByRow = exchange.path === "/v1/pages";
  const shown = new Set<string>();
  for (const { res } of cassette) {
    for (const [id] of JSON.stringify(res).matchAll(uuid)) shown.add(id);
  }
  const own = new Set([
    ...["database_id", "data_source_id"].flatMap((key) => idsUnder(exchange.req, key)),
    ...siblingsNamed(exchange.req),
  ]);
  return [...mentioned(exchange)].some(
    (id) => !shown.has(id) && (exchange.path.includes(id) || (own.has(id) && !isShownByRow)),
  );
}

/** The block after which a request wants others to be. */
function siblingsNamed(request: Json): string[] {
  if (!isObject(request)) return [];
  const position = request["position"];
  const target = isObject(position) ? position["after_block"] : undefined;
  const id = isObject(target) ? target["id"] : request["after"];
  return typeof id === "string" ? [toDashed(id)] : [];
}

function idsUnder(value: Json, key: string): string[] {
  return [...objectsIn(value)].map((object) => toDashed(textOf(object[key]))).filter(Boolean);
}

const hiddenAddress = "person@example.com";

/**
 * Whether a query looks for part of an e-mail address: the recordings show one and the same in
 * place of every address, so nobody can tell which rows it finds.
 */
export function looksIntoHiddenText(exchange: Exchange, cassette: Exchange[]): boolean {
  if (!exchange.path.endsWith("/query")) return false;
  const hidden = new Set(cassette.flatMap(({ res }) => hiddenColumns(res)));
  return [...objectsIn(exchange.req)].some((filter) => {
    const condition = filter["rich_text"] ?? filter["email"];
    const isAboutText = isObject(condition) && Object.values(condition).some(isText);
    return isAboutText && hidden.has(textOf(filter["property"]));
  });
}

function isText(value: Json): boolean {
  return typeof value === "string";
}

function hiddenColumns(answer: Json): string[] {
  return [...objectsIn(answer)].flatMap(({ properties }) =>
    isObject(properties)
      ? Object.entries(properties).flatMap(([name, value]) =>
          isObject(value) && value["email"] === hiddenAddress ? [name] : [],
        )
      : [],
  );
}

/** Ids that a request names. */
export function mentioned({ path, query, req }: Exchange): Set<string> {
  const text = toDashedText(`${path} ${query} ${JSON.stringify(req)}`);
  return new Set([...text.matchAll(uuid)].map(([id]) => id));
}
