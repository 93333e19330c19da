import { ChangeCache, type ChangeFeed } from "@tenon/connections";
import type { DirectoryStore, DirectoryWorkflow } from "./directory-store.ts";
import type { WorkflowIntegration } from "./workflow-store.ts";

/** A project's workflows, ready to be looked up. */
export interface DirectoryView {
  projectId: string;
  /** All that are not removed, deployed or not. */
  workflows: ReadonlyMap<string, DirectoryWorkflow>;
  integrations: ReadonlyMap<string, WorkflowIntegration>;
  /** Names of app events. */
  events: ReadonlySet<string>;
  /** Deployed ones by the event that starts them. */
  byEvent: ReadonlyMap<string, readonly DirectoryWorkflow[]>;
}

/** Projects' workflows in memory, until any process changes them. */
export interface Directory {
  /** The view if it is held: no promise on the path of a request trigger. */
  peek(projectId: string): DirectoryView | undefined;
  get(projectId: string): Promise<DirectoryView>;
  /** As it is in the database now. */
  reload(projectId: string): Promise<DirectoryView>;
  /** After a change of this process's own: what was changed holds from this moment on. */
  forget(projectId: string): void;
  close(): void;
}

const viewTables = new Set(["workflows", "integrations", "app_events"]);

export function createDirectory(store: DirectoryStore, feed: ChangeFeed): Directory {
  const cache = new ChangeCache<DirectoryView>({
    feed,
    tagOf: ({ table, projectId }) => (viewTables.has(table) ? projectId : undefined),
    tags: ({ projectId }) => [projectId],
    maxEntries: 5_000,
  });
  const load = (projectId: string) => () => readView(store, projectId);
  return {
    peek: (projectId) => cache.peek(projectId),
    get: (projectId) => cache.get(projectId, load(projectId)),
    reload: (projectId) => cache.reload(projectId, load(projectId)),
    forget: (projectId) => cache.drop(projectId),
    close: () => cache.close(),
  };
}

async function readView(store: DirectoryStore, projectId: string): Promise<DirectoryView> {
  const { workflows, integrations, events } = await store.read(projectId);
  const byEvent = new Map<string, DirectoryWorkflow[]>();
  for (const workflow of workflows) {
    if (workflow.trigger?.type !== "event") continue;
    const others = byEvent.get(workflow.trigger.event) ?? [];
    byEvent.set(workflow.trigger.event, [...others, workflow]);
  }
  return {
    projectId,
    workflows: new Map(workflows.map((one) => [one.id, one])),
    integrations: new Map(integrations.map((one) => [one.id, one])),
    events,
    byEvent,
  };
}
