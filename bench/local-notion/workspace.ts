import { performance } from "node:perf_hooks";
import { createInstance } from "../../packages/local-notion/src/create-local-notion.ts";
import { createView, type View } from "../../packages/local-notion/src/api/view.ts";
import { newNodeId, newUuid } from "../../packages/local-notion/src/ids.ts";
import type { Instance } from "../../packages/local-notion/src/instance.ts";
import { mintLasting } from "../../packages/local-notion/src/oauth/tokens.ts";
import { allCapabilities } from "../../packages/local-notion/src/oauth/development-app.ts";
import { plain } from "../../packages/local-notion/src/rich-text/rich-text.ts";
import type {
  App,
  Connection,
  DatabaseNode,
  DataSourceNode,
  PageNode,
} from "../../packages/local-notion/src/store/records.ts";

export interface FilledWorkspace {
  instance: Instance;
  token: string;
  source: DataSourceNode;
  view: View;
  fillMs: number;
}

const words = [
  "invoice",
  "contract",
  "meeting",
  "research",
  "launch",
  "hiring",
  "budget",
  "survey",
];
const stages = ["Planned", "Doing", "Blocked", "Review", "Done"];
const dayMs = 86_400_000;

/** A workspace with so many rows in one data source, put into the store as requests would. */
export function fillWorkspace(rows: number, dataFile?: string): FilledWorkspace {
  const instance = createInstance({
    seed: "empty",
    settings: { rateLimit: null },
    ...(dataFile === undefined ? {} : { dataFile }),
  });
  instance.publicUrl = "http://notion.localhost";
  const { store, clock, fileLinks, publicUrl } = instance;
  const workspace = store.all("workspaces").next().value;
  if (!workspace) throw new Error("There is no workspace.");
  const { app, connection } = connect(instance, workspace.id);
  const token = mintLasting(instance, connection.id);
  const started = performance.now();
  const source = addSource(instance, workspace.id);
  for (let index = 0; index < rows; index += 1) {
    store.put("nodes", makeRow(source, workspace.idPrefix, index));
    if (index % 1_000 === 999) store.commit();
  }
  store.commit();
  const fillMs = performance.now() - started;
  const view = createView({
    store,
    clock,
    publicUrl,
    version: "2026-03-11",
    connection,
    app,
    fileLinks,
  });
  return { instance, token, source, view, fillMs };
}

function connect({ store }: Instance, workspaceId: string): { app: App; connection: Connection } {
  const app: App = {
    id: newUuid(),
    name: "Bench",
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: allCapabilities,
  };
  const connection: Connection = {
    id: newUuid(),
    appId: app.id,
    workspaceId,
    personId: null,
    shared: "all",
    createdTime: 0,
    grantedTime: 0,
    revokedTime: null,
  };
  store.put("apps", app);
  store.put("connections", connection);
  return { app, connection };
}

const node = (workspaceId: string, time: number) => ({
  workspaceId,
  createdTime: time,
  createdBy: workspaceId,
  editedTime: time,
  editedBy: workspaceId,
  inTrash: false,
});
const looks = { icon: null, cover: null, isLocked: false };

function addSource({ store }: Instance, workspaceId: string): DataSourceNode {
  const database: DatabaseNode = {
    kind: "database",
    ...node(workspaceId, 0),
    id: newUuid(),
    parentId: workspaceId,
    order: 1_024,
    ...looks,
    title: [plain("Tasks")],
    description: [],
    isInline: false,
  };
  const options = stages.map((name, index) => ({
    id: `6a2f0c1e-0001-4000-8000-00000000000${index}`,
    name,
    color: "gray",
    description: null,
  }));
  const columns: [id: string, type: string, config: Record<string, unknown>][] = [
    ["title", "title", {}],
    ["Points", "number", { format: "number" }],
    ["Stage", "select", { options }],
    ["Due", "date", {}],
    ["Urgent", "checkbox", {}],
  ];
  const source: DataSourceNode = {
    kind: "data_source",
    ...node(workspaceId, 0),
    id: newUuid(),
    parentId: database.id,
    order: 1_024,
    title: database.title,
    icon: null,
    schema: columns.map(([id, type, config]) => ({
      id,
      name: id,
      description: null,
      type,
      config,
    })),
    nextNumber: 1,
  };
  store.put("nodes", database);
  store.put("nodes", source);
  return source;
}

function makeRow(source: DataSourceNode, idPrefix: string, index: number): PageNode {
  const [first, second] = [words[index % 8], words[Math.floor(index / 8) % 8]];
  const due = new Date(Date.UTC(2026, 0, 1) + (index % 365) * dayMs).toISOString().slice(0, 10);
  const stage = index % stages.length;
  return {
    kind: "page",
    ...node(source.workspaceId, Date.UTC(2026, 0, 1) + index * 60_000),
    id: newNodeId(idPrefix),
    parentId: source.id,
    order: (index + 1) * 1_024,
    ...looks,
    isArchived: false,
    properties: {
      title: { type: "title", value: [plain(`${first} ${second} ${index}`)] },
      // 7919 is prime to any number of rows here: neighbours differ, and all values come up.
      Points: { type: "number", value: (index * 7_919) % 10_000 },
      Stage: { type: "select", value: `6a2f0c1e-0001-4000-8000-00000000000${stage}` },
      Due: { type: "date", value: { start: due, end: null, time_zone: null } },
      Urgent: { type: "checkbox", value: index % 10 === 0 },
    },
  };
}
