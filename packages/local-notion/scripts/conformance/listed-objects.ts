import { toDashed } from "../../src/ids.ts";
import type { Instance } from "../../src/instance.ts";
import type { IdMap } from "./compare.ts";
import { isObject, listOf, textOf, type Exchange, type Json } from "./recording.ts";

/** Time in which the recordings show searches that miss, or still find, what was changed. */
const indexLagMs = 60 * 60_000;

/** Search answers without what was made a moment ago, which Notion's index did not know yet. */
export function withoutRecent(
  instance: Instance,
  { recorded, ours }: { recorded: Json; ours: Json },
  ids: IdMap,
): Json {
  if (!isObject(ours)) return ours;
  const listed = new Set(resultIds(recorded).map((id) => ids.get(id) ?? id));
  const made = new Set(ids.values());
  const results = listOf(ours["results"]).filter((one) => {
    const id = isObject(one) ? textOf(one["id"]) : "";
    const node = instance.store.get("nodes", id);
    const isStub = node?.createdTime === 0;
    const isRecent = node !== undefined && node.editedTime > instance.clock.now() - indexLagMs;
    return listed.has(id) || !(made.has(id) || isStub || isRecent);
  });
  return { ...ours, results };
}

/**
 * The same results in the recorded order. Times are rounded to minutes, so the recordings do not
 * tell which of two things of one minute is the newer; everywhere else the order is compared.
 */
export function inRecordedOrder(recorded: Json, ours: Json, ids: IdMap): Json {
  if (!isObject(ours) || !isObject(recorded)) return ours;
  const wanted = resultIds(recorded).map((id) => ids.get(id) ?? id);
  const results = listOf(ours["results"]);
  const byId = new Map(resultIds(ours).map((id, index) => [id, results[index] ?? null]));
  const minutes = (list: Json[]): string[] =>
    list.map((one) => (isObject(one) ? textOf(one["last_edited_time"]).slice(0, 16) : ""));
  if (wanted.length !== byId.size || !wanted.every((id) => byId.has(id))) return ours;
  const ordered = wanted.map((id) => byId.get(id) ?? null);
  const isSameButForMinutes = minutes(ordered).join() === minutes(results).join();
  return isSameButForMinutes ? { ...ours, results: ordered } : ours;
}

/** An insertion in the middle lists what follows it; anything else there was thrown away. */
export function dropUnfollowed(instance: Instance, { path, req, res }: Exchange, ids: IdMap): void {
  if (!path.endsWith("/children") || !isObject(req) || !isObject(res)) return;
  const position = req["position"];
  const target = isObject(position) ? position["after_block"] : undefined;
  const after = isObject(target) ? target["id"] : req["after"];
  if (typeof after !== "string") return;
  const anchor = instance.store.get("nodes", ids.get(toDashed(after)) ?? toDashed(after));
  const listed = new Set(resultIds(res).map((id) => ids.get(id) ?? id));
  for (const child of anchor ? instance.store.nodes.liveChildrenOf(anchor.parentId) : []) {
    const isAfter = anchor !== undefined && child.order > anchor.order;
    if (isAfter && !listed.has(child.id)) instance.store.put("nodes", { ...child, inTrash: true });
  }
  instance.store.commit();
}

/**
 * Puts what an answer has brought into the workspace between what was there, where the answer lists
 * it. The order of what the replayed requests made is left alone, so it is still compared.
 */
export function placeListed(
  instance: Instance,
  { recorded, before }: { recorded: Json; before: ReadonlySet<string> },
  { ids, isNewestFirst }: { ids: IdMap; isNewestFirst: boolean },
): void {
  const { store } = instance;
  const listed = resultIds(recorded).map((id) => ids.get(id) ?? id);
  const inOrder = isNewestFirst ? listed.toReversed() : listed;
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, id] of inOrder.entries()) {
    const node = store.get("nodes", id);
    if (!node) continue;
    if (before.has(id)) {
      last = node.order;
      continue;
    }
    const next = inOrder.slice(index + 1).find((one) => before.has(one));
    const end = (next === undefined ? undefined : store.get("nodes", next)?.order) ?? last + 1_024;
    const start = Number.isFinite(last) ? last : end - 1_024;
    last = (start + end) / 2;
    if (Number.isFinite(last)) store.put("nodes", { ...node, order: last });
  }
  store.commit();
}

/** What an unfiltered list of children or rows leaves out was thrown away by a missing request. */
export function dropUnlisted(
  instance: Instance,
  { recorded, ours }: { recorded: Json; ours: Json },
  ids: IdMap,
): void {
  const listed = new Set(resultIds(recorded).map((id) => ids.get(id) ?? id));
  for (const id of resultIds(ours)) {
    const node = instance.store.get("nodes", id);
    if (node && !listed.has(id)) instance.store.put("nodes", { ...node, inTrash: true });
  }
  instance.store.commit();
}

function resultIds(answer: Json): string[] {
  if (!isObject(answer)) return [];
  return listOf(answer["results"]).map((one) => (isObject(one) ? textOf(one["id"]) : ""));
}
