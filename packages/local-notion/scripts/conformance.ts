import { existsSync } from "node:fs";
import { once } from "node:events";
import { parseArgs } from "node:util";
import type { AddressInfo } from "node:net";
import { createInstance } from "../src/create-local-notion.ts";
import { createHttpServer } from "../src/http/server.ts";
import { createRandom } from "../src/faults/random.ts";
import { drawIdsFrom } from "../src/ids.ts";
import type { Instance } from "../src/instance.ts";
import { compare, translate, translateBody, type IdMap } from "./conformance/compare.ts";
import type { Reason } from "./conformance/causes.ts";
import { bringToBefore } from "./conformance/before-write.ts";
import { importPartial, showsOneIdTwice } from "./conformance/import-partial.ts";
import { importAnswer, importMissing } from "./conformance/import-state.ts";
import {
  dropUnfollowed,
  dropUnlisted,
  inRecordedOrder,
  placeListed,
  withoutRecent,
} from "./conformance/listed-objects.ts";
import {
  firstMentions,
  firstShown,
  looksIntoHiddenText,
  namesUnseen,
  shownElsewhere,
} from "./conformance/shown-objects.ts";
import { report, type Outcome } from "./conformance/report.ts";
import { copyOf } from "./conformance/workspace-copy.ts";
import { parentOf } from "./conformance/known-objects.ts";
import { rebuild, token, type Elsewhere } from "./conformance/rebuild.ts";
import {
  isObject,
  objectsIn,
  readCassettes,
  textOf,
  type Exchange,
  type Json,
} from "./conformance/recording.ts";

/** Replays recorded traffic of Notion against Local Notion and tells how much agrees. */
const { values } = parseArgs({
  options: {
    recordings: { type: "string", default: "../shared/data/notion-recordings.jsonl" },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  if (!existsSync(values.recordings)) {
    process.stdout.write(`No recordings at ${values.recordings}: nothing was compared.\n`);
    return;
  }
  const instance = createInstance({ seed: "empty", settings: { rateLimit: null } });
  const server = createHttpServer(instance).listen(0, "127.0.0.1");
  await once(server, "listening");
  // A listening TCP server has an address with a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Not the address it listens on, whose port differs from run to run.
  instance.publicUrl = "http://notion.localhost";
  const random = createRandom(1);
  drawIdsFrom((size) => Buffer.from(Array.from({ length: size }, () => random() * 256)));
  const outcomes: Outcome[] = [];
  let total = 0;
  const cassettes = readCassettes(values.recordings);
  for (const [name, exchanges] of cassettes) {
    if (values.only !== undefined && !name.includes(values.only)) continue;
    total += exchanges.length;
    outcomes.push(
      ...(await replay({ instance, url, elsewhere: shownElsewhere(cassettes, name) }, exchanges)),
    );
  }
  server.closeAllConnections();
  server.close();
  report({ outcomes, leftOut, total }, values.verbose);
}

const leftOut = new Map<Reason, number>();

function reasonAgainst(exchange: Exchange, cassette: Exchange[]): Reason | undefined {
  if (namesUnseen(exchange, cassette)) return "names something the recordings never show";
  if (showsOneIdTwice(exchange)) return "shows two things under one hidden id";
  if (looksIntoHiddenText(exchange, cassette))
    return "looks into e-mail addresses the recordings hide";
  return undefined;
}

async function replay(
  { instance, url, elsewhere }: Stage,
  exchanges: Exchange[],
): Promise<Outcome[]> {
  rebuild(instance, exchanges, elsewhere);
  const start = Math.max(...exchanges.flatMap(({ res }) => timesIn(res)), 0);
  instance.clock.now = () => start;
  const ids: IdMap = new Map();
  const shown = firstShown(exchanges);
  const mentions = firstMentions(exchanges);
  const outcomes: Outcome[] = [];
  for (const exchange of exchanges) {
    const isNew = (id: string): boolean =>
      !mentions.has(id) ||
      (mentions.get(id) === exchange && (!isRead(exchange) || isInMade(exchange, id, ids)));
    const scene: Scene = { instance, url, ids, isNew };
    const reason = reasonAgainst(exchange, exchanges);
    if (reason !== undefined) {
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      continue;
    }
    setClock(instance, exchange);
    importMissing(instance, exchange, { ids, shown, elsewhere });
    importPartial(instance, exchange, { ids, cassette: exchanges });
    dropUnfollowed(instance, exchange, ids);
    outcomes.push(await compareExchange(scene, exchange));
  }
  return outcomes;
}

/**
 * Whether a list shows an id for the first time of something inside what was made here: the answer
 * to the request that made it did not tell it.
 */
function isInMade({ path, res }: Exchange, id: string, ids: IdMap): boolean {
  if (path === "/v1/views") return true;
  const shown = [...objectsIn(res)].find((object) => object["id"] === id);
  return path.endsWith("/children") && ids.has((shown && parentOf(shown)) ?? "");
}

async function compareExchange(scene: Scene, exchange: Exchange): Promise<Outcome> {
  const { instance, ids } = scene;
  const undo = copyOf(instance);
  const knownIds = new Map(ids);
  const first = await attempt(scene, exchange);
  const isRepairable = first.differences.length > 0 && exchange.status < 400;
  if (!isRepairable) return { exchange, differences: first.differences, repaired: undefined };
  for (const id of ids.keys()) if (!knownIds.has(id)) ids.delete(id);
  if (isRead(exchange)) {
    repair(instance, exchange, { ours: first.body, ids });
    const { differences } = await attempt(scene, exchange);
    return { exchange, differences, repaired: "read" };
  }
  undo();
  bringToBefore(instance, exchange, ids);
  dropUnfollowed(instance, exchange, ids);
  const { differences } = await attempt(scene, exchange);
  return { exchange, differences, repaired: "write" };
}

interface Stage {
  instance: Instance;
  url: string;
  elsewhere: Elsewhere;
}

interface Scene {
  instance: Instance;
  url: string;
  ids: IdMap;
  isNew: (id: string) => boolean;
}

async function attempt(
  { instance, url, ids, isNew }: Scene,
  exchange: Exchange,
): Promise<{ differences: string[]; body: Json }> {
  const { status, body: whole } = await send(url, exchange, ids);
  const isSearch = exchange.path === "/v1/search";
  const found = isSearch
    ? withoutRecent(instance, { recorded: exchange.res, ours: whole }, ids)
    : whole;
  const isSorted = isObject(exchange.req) && "sorts" in exchange.req;
  const isOpen = isSearch || (exchange.path.endsWith("/query") && !isSorted);
  const body = isOpen ? inRecordedOrder(exchange.res, found, ids) : found;
  const message = isObject(body) ? textOf(body["message"]) : "";
  const differences =
    status === exchange.status
      ? compare(exchange.res, body, { ids, isNew })
      : [`status ${exchange.status}, here ${status}: ${message}`];
  return { differences, body };
}

function isRead({ method, path, status }: Exchange): boolean {
  const isRequestToRead = method === "GET" || path.endsWith("/query") || path === "/v1/search";
  return status === 200 && isRequestToRead;
}

/**
 * The recordings leave out exchanges of the same kind, so a read may show changes that nothing
 * replayed has made. Then the workspace is brought to what is shown, and the read is made again:
 * it still proves form, order, types, filters, sorts and that nothing is lost on the way.
 */
function repair(
  instance: Instance,
  exchange: Exchange,
  { ours, ids }: { ours: Json; ids: IdMap },
): void {
  if (exchange.path.endsWith("/children")) bringToBefore(instance, exchange, ids);
  const before = new Set([...instance.store.all("nodes")].map(({ id }) => id));
  importAnswer(instance, exchange.res, ids);
  const { path, req } = exchange;
  const isFiltered = isObject(req) && "filter" in req;
  const isPart = isObject(exchange.res) && exchange.res["has_more"] === true;
  const isWhole =
    !isPart &&
    !(isObject(req) && "start_cursor" in req) &&
    (path.endsWith("/children") || (path.endsWith("/query") && !isFiltered));
  const isSorted = isObject(req) && "sorts" in req;
  const isNewestFirst = path.endsWith("/query");
  if (isNewestFirst ? !isSorted : path.endsWith("/children"))
    placeListed(instance, { recorded: exchange.res, before }, { ids, isNewestFirst });
  if (isWhole) dropUnlisted(instance, { recorded: exchange.res, ours }, ids);
}

/** Moves the clock to when the exchange happened, as far as its answer tells. */
function setClock(instance: Instance, { method, path, res }: Exchange): void {
  const isWrite = method !== "GET" && !path.endsWith("/query") && path !== "/v1/search";
  if (!isWrite) return;
  const latest = Math.max(...timesIn(res), 0);
  if (latest > 0) instance.clock.now = () => latest;
}

function timesIn(answer: Json): number[] {
  return [...objectsIn(answer)]
    .map((object) => Date.parse(textOf(object["last_edited_time"])))
    .filter((time) => !Number.isNaN(time));
}

async function send(
  url: string,
  { method, path, query, req, version, status }: Exchange,
  ids: IdMap,
): Promise<{ status: number; body: Json }> {
  const target = `${url}${translatePath(path, ids)}${query ? `?${translate(query, ids)}` : ""}`;
  const isForm = typeof req === "string" && req.startsWith("--");
  const boundary = isForm ? req.slice(2, req.indexOf("\r\n")) : "";
  const type = isForm ? `multipart/form-data; boundary=${boundary}` : "application/json";
  const hasBody = req !== null && method !== "GET" && method !== "DELETE";
  const response = await fetch(target, {
    method,
    headers: {
      authorization: `Bearer ${status === 401 ? "wrong" : token}`,
      "notion-version": version,
      ...(hasBody ? { "content-type": type } : {}),
    },
    ...(hasBody ? { body: isForm ? req : JSON.stringify(translateBody(req, ids)) } : {}),
  });
  const body: Json = await response.json();
  return { status: response.status, body };
}

/** Property ids in a path are no uuids, so each part is looked up too. */
function translatePath(path: string, ids: IdMap): string {
  return path
    .split("/")
    .map((part) => ids.get(part) ?? translate(part, ids))
    .join("/");
}

await main();
