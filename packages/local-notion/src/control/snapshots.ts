import { copyFiles, restoreFiles } from "../files/file-store.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { changeSettings, type Settings } from "../settings.ts";
import type { StoreCopy } from "../store/store.ts";
import { object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { string } from "../validate/scalars.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";
import { startOver } from "./start-over.ts";

const path = "/_local/snapshots";

export const snapshotRoutes: ControlRoute[] = [
  { method: "GET", path, answer: ({ instance }) => instance.snapshots.list() },
  { method: "POST", path, answer: createSnapshot },
  { method: "POST", path: `${path}/:name/restore`, startsOver: true, answer: restoreSnapshot },
  { method: "DELETE", path: `${path}/:name`, answer: deleteSnapshot },
];

interface Snapshot {
  name: string;
  createdTime: number;
  records: StoreCopy;
  count: number;
  files: ReadonlyMap<string, Buffer>;
  settings: Settings;
}

/** Named copies of the whole state, in memory: they end with the process. */
export class Snapshots {
  readonly #byName = new Map<string, Snapshot>();

  list(): object[] {
    return [...this.#byName.values()].map(present);
  }

  get(name: string): Snapshot | undefined {
    return this.#byName.get(name);
  }

  /** One of the same name is replaced. */
  put(snapshot: Snapshot): void {
    this.#byName.delete(snapshot.name);
    this.#byName.set(snapshot.name, snapshot);
  }

  remove(name: string): boolean {
    return this.#byName.delete(name);
  }
}

function present({ name, createdTime, count }: Snapshot): object {
  return { name, createdTime: new Date(createdTime).toISOString(), records: count };
}

const createRequest = object({ name: string({ min: 1, max: 200 }) });

function createSnapshot({ instance, body }: ControlCall): object {
  const { name } = parseBody(createRequest, body);
  const { store, files, settings, snapshots } = instance;
  const snapshot: Snapshot = {
    name,
    createdTime: Date.now(),
    records: store.copy(),
    count: store.size,
    files: copyFiles(files),
    settings: structuredClone(settings),
  };
  snapshots.put(snapshot);
  return present(snapshot);
}

/**
 * Back to a snapshot: workspaces, pages, people, apps, tokens, webhooks, files and settings are as
 * they were. Faults, the log of requests and what was to be sent are gone, as after a reset.
 */
function restoreSnapshot(call: ControlCall): object {
  const { instance } = call;
  const snapshot = find(call);
  startOver(instance);
  instance.store.restore(snapshot.records);
  restoreFiles(instance.files, snapshot.files);
  changeSettings(instance.settings, snapshot.settings);
  return present(snapshot);
}

function deleteSnapshot(call: ControlCall): object {
  call.instance.snapshots.remove(find(call).name);
  return { ok: true };
}

function find({
  instance,
  params,
}: {
  instance: Instance;
  params: Record<string, string>;
}): Snapshot {
  const name = params["name"] ?? "";
  const snapshot = instance.snapshots.get(name);
  if (snapshot) return snapshot;
  const message = `There is no snapshot ${name}. Make one with POST ${path} {"name": …} first.`;
  throw new NotionError([404, "object_not_found"], message);
}
