import { useEffect, useState } from "react";
import type { Topic } from "../api/live.ts";
import { isNotFound, messageOf } from "../api/request.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { createStore, type Store, useStore } from "./store.ts";

export type ResourceState<Value> =
  | { status: "loading" }
  /** Not there, or nothing that this server keeps. */
  | { status: "missing" }
  | { status: "failed"; problem: string }
  | { status: "ready"; value: Value };

interface Resource<Value> {
  state: Store<ResourceState<Value>>;
  /** Settles when the answer is there, good or bad. */
  reload(): Promise<void>;
}

/**
 * Something read from the server.
 *
 * - When it is read again before an answer is there, only the answer to the last reading counts.
 * - What is shown stays when a later reading fails; that the server is gone is told elsewhere.
 */
function createResource<Value>(read: () => Promise<Value>): Resource<Value> {
  const state = createStore<ResourceState<Value>>({ status: "loading" });
  let readings = 0;
  const load = async () => {
    readings += 1;
    const reading = readings;
    const next = await read().then(toReady, toFailed);
    const isBetter = next.status !== "failed" || state.get().status !== "ready";
    if (reading === readings && isBetter) state.set(next);
  };
  return { state, reload: load };
}

function toReady<Value>(value: Value): ResourceState<Value> {
  return { status: "ready", value };
}

function toFailed(error: unknown): { status: "missing" } | { status: "failed"; problem: string } {
  if (isNotFound(error)) return { status: "missing" };
  return { status: "failed", problem: messageOf(error) };
}

interface ResourceOptions {
  /** What the server's events have to be about for it to be read again. */
  topic?: Topic;
}

/** Events that come in quick succession are answered by one reading. */
const gatherMs = 150;

/** Reads while the component is shown, anew after every change. `read` is taken from the first call. */
export function useResource<Value>(
  read: () => Promise<Value>,
  { topic = "pages" }: ResourceOptions = {},
) {
  const { live } = useWorkspace();
  const [resource] = useState(() => createResource(read));
  const [reload] = useState(() => () => void resource.reload());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reloadSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, gatherMs);
    };
    reload();
    const stop = live.onChange(reloadSoon, topic);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, reload, topic]);
  return { state: useStore(resource.state), reload };
}
