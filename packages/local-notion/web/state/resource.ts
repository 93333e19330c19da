import { useEffect, useState } from "react";
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
  /** Read again after this pause as well: for what the server's events do not tell of. */
  everyMs?: number;
}

/** Reads while the component is shown, anew after every change. `read` is taken from the first call. */
export function useResource<Value>(read: () => Promise<Value>, { everyMs }: ResourceOptions = {}) {
  const { live } = useWorkspace();
  const [resource] = useState(() => createResource(read));
  const [reload] = useState(() => () => void resource.reload());
  useEffect(() => {
    reload();
    return live.onChange(reload);
  }, [live, reload]);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const isUseful = () => !document.hidden && live.state.get() === "connected";
    return repeat(async () => isUseful() && resource.reload(), everyMs);
  }, [live, resource, everyMs]);
  return { state: useStore(resource.state), reload };
}

/** Does the work again and again with a pause between, until the returned function is called. */
function repeat(work: () => Promise<unknown>, pauseMs: number): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;
  const goOn = () => {
    if (!isOver) timer = setTimeout(() => void work().finally(goOn), pauseMs);
  };
  goOn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
