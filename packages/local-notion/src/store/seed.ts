import { newNodeId, newUuid } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { createDevelopmentApp } from "../oauth/development-app.ts";
import { plain, type Icon } from "../rich-text/rich-text.ts";
import type { BlockNode, PageNode, Person, Workspace } from "./records.ts";
import { exampleDatabase } from "./seed-database.ts";
import { examplePages, type SeedBlock, type SeedPage } from "./seed-pages.ts";

const exampleWorkspace: Workspace = {
  id: "8f1c2d3e-4b5a-4c6d-8e7f-90a1b2c3d4e5",
  name: "Acme Local",
  icon: "🏔",
  idPrefix: "3ac0de10ca1a",
};

/** The people of the example workspace. Their ids never change, so that tests may name them. */
const examplePeople: Person[] = [
  {
    id: "3ac0de10-ca1a-4a01-8a01-0000000000a1",
    workspaceId: exampleWorkspace.id,
    name: "Ada Acker",
    email: "ada@acme.example",
    avatarUrl: null,
    role: "owner",
  },
  {
    id: "3ac0de10-ca1a-4a01-8a01-0000000000b2",
    workspaceId: exampleWorkspace.id,
    name: "Ben Brook",
    email: "ben@acme.example",
    avatarUrl: null,
    role: "member",
  },
];

/** A workspace with its people and the development app, and no pages. */
export function seedEmptyWorkspace({ store }: Instance): void {
  store.put("workspaces", exampleWorkspace);
  for (const person of examplePeople) store.put("people", person);
  store.put("apps", createDevelopmentApp());
}

/** The workspace a first start shows: a few pages as people write them. */
export function seedWorkspace(instance: Instance): void {
  seedEmptyWorkspace(instance);
  seedExamplePages(instance, exampleWorkspace, examplePeople);
}

/** The example pages, written by the first of the people. */
export function seedExamplePages(
  instance: Instance,
  workspace: Workspace,
  people: readonly Person[],
): void {
  const scene: Scene = { instance, workspace, people };
  for (const [index, page] of examplePages.entries()) {
    seedPage(scene, page, { parentId: workspace.id, order: (index + 1) * 1_024 });
  }
}

interface Scene {
  instance: Instance;
  workspace: Workspace;
  people: readonly Person[];
}

interface Spot {
  parentId: string;
  order: number;
}

function seedPage(scene: Scene, page: SeedPage, spot: Spot): void {
  const icon: Icon | null = page.icon === undefined ? null : { type: "emoji", emoji: page.icon };
  const node: PageNode = {
    kind: "page",
    ...stamp(scene),
    ...spot,
    icon,
    cover: null,
    isLocked: false,
    isArchived: false,
    properties: { title: { type: "title", value: [plain(page.title)] } },
  };
  scene.instance.store.put("nodes", node);
  for (const [index, block] of (page.blocks ?? []).entries()) {
    seedBlock(scene, block, { parentId: node.id, order: (index + 1) * 1_024 });
  }
  const after = (page.blocks?.length ?? 0) + 2;
  if (page.hasDatabase) seedDatabase(scene, { parentId: node.id, order: (after - 1) * 1_024 });
  for (const [index, child] of (page.pages ?? []).entries()) {
    seedPage(scene, child, { parentId: node.id, order: (after + index) * 1_024 });
  }
}

function seedDatabase(scene: Scene, spot: Spot): void {
  const nodes = exampleDatabase(spot, {
    stamp: () => stamp(scene),
    people: scene.people.map(({ id }) => id),
  });
  for (const node of nodes) scene.instance.store.put("nodes", node);
  const [database, source] = nodes;
  scene.instance.store.put("views", {
    id: newUuid(),
    databaseId: database.id,
    dataSourceId: source.id,
    name: "Table",
    type: "table",
    createdTime: database.createdTime,
    createdBy: database.createdBy,
    editedTime: database.editedTime,
    editedBy: database.editedBy,
    filter: null,
    sorts: null,
    quickFilters: null,
    configuration: { type: "table" },
  });
}

function seedBlock(scene: Scene, block: SeedBlock, spot: Spot): void {
  const node: BlockNode = {
    kind: "block",
    ...stamp(scene),
    ...spot,
    type: block.type,
    content: block.content,
  };
  scene.instance.store.put("nodes", node);
  for (const [index, child] of (block.children ?? []).entries()) {
    seedBlock(scene, child, { parentId: node.id, order: (index + 1) * 1_024 });
  }
}

function stamp({ instance: { clock }, workspace, people }: Scene) {
  const owner = people[0]?.id ?? "";
  const now = clock.now();
  return {
    id: newNodeId(workspace.idPrefix),
    workspaceId: workspace.id,
    createdTime: now,
    createdBy: owner,
    editedTime: now,
    editedBy: owner,
    inTrash: false,
  };
}
