import { plain } from "../rich-text/rich-text.ts";
import type {
  DatabaseNode,
  DataSourceNode,
  PageNode,
  PropertySchema,
  PropertyValue,
} from "./records.ts";

/** What the seed gives every node it makes. */
export interface SeedStamp {
  id: string;
  workspaceId: string;
  createdTime: number;
  createdBy: string;
  editedTime: number;
  editedBy: string;
  inTrash: boolean;
}

const stages = [
  { id: "6a2f0c1e-0001-4000-8000-000000000001", name: "Planned", color: "gray" },
  { id: "6a2f0c1e-0001-4000-8000-000000000002", name: "In progress", color: "blue" },
  { id: "6a2f0c1e-0001-4000-8000-000000000003", name: "Shipped", color: "green" },
];
const areas = [
  { id: "6a2f0c1e-0002-4000-8000-000000000001", name: "Import", color: "orange" },
  { id: "6a2f0c1e-0002-4000-8000-000000000002", name: "Search", color: "purple" },
  { id: "6a2f0c1e-0002-4000-8000-000000000003", name: "Mobile", color: "pink" },
];

function withDescriptions(options: object[]): object[] {
  return options.map((option) => ({ ...option, description: null }));
}

const kinds: [id: string, name: string, kind: Pick<PropertySchema, "type" | "config">][] = [
  ["title", "Task", { type: "title", config: {} }],
  ["sTg;", "Stage", { type: "select", config: { options: withDescriptions(stages) } }],
  ["aR]a", "Area", { type: "multi_select", config: { options: withDescriptions(areas) } }],
  ["dU:e", "Due", { type: "date", config: {} }],
  ["eFf|", "Days", { type: "number", config: { format: "number" } }],
  ["oWn?", "Owner", { type: "people", config: {} }],
  ["dN~e", "Reviewed", { type: "checkbox", config: {} }],
];
const schema = kinds.map(([id, name, kind]): PropertySchema => ({
  id,
  name,
  description: null,
  ...kind,
}));

interface Task {
  title: string;
  stage: number;
  area: number[];
  due: string | null;
  days: number;
  owners: number[];
  reviewed: boolean;
}

const tasks: Task[] = [
  {
    title: "Read old files",
    stage: 2,
    area: [0],
    due: "2026-04-17",
    days: 5,
    owners: [0],
    reviewed: true,
  },
  {
    title: "Import in the background",
    stage: 1,
    area: [0],
    due: "2026-05-22",
    days: 8,
    owners: [0, 1],
    reviewed: false,
  },
  {
    title: "Search while typing",
    stage: 1,
    area: [1],
    due: "2026-06-05",
    days: 3,
    owners: [1],
    reviewed: false,
  },
  {
    title: "Read on the phone",
    stage: 0,
    area: [1, 2],
    due: null,
    days: 13,
    owners: [],
    reviewed: false,
  },
];

/** A database of tasks with its rows, to be put into a page. */
export function exampleDatabase(
  spot: { parentId: string; order: number },
  { stamp, people }: { stamp: () => SeedStamp; people: string[] },
): [DatabaseNode, DataSourceNode, ...PageNode[]] {
  const title = [plain("Release tasks")];
  const looks = { icon: null, cover: null, isLocked: false };
  const database: DatabaseNode = {
    kind: "database",
    ...stamp(),
    ...spot,
    ...looks,
    title,
    description: [plain("What the spring release needs.")],
    isInline: true,
  };
  const source: DataSourceNode = {
    kind: "data_source",
    ...stamp(),
    parentId: database.id,
    order: 1_024,
    title,
    icon: null,
    schema,
    nextNumber: 1,
  };
  const rows = tasks.map((task, index): PageNode => ({
    kind: "page",
    ...stamp(),
    parentId: source.id,
    order: (index + 1) * 1_024,
    ...looks,
    isArchived: false,
    properties: valuesOf(task, people),
  }));
  return [database, source, ...rows];
}

function valuesOf(task: Task, people: string[]): Record<string, PropertyValue> {
  const date = task.due && { start: task.due, end: null, time_zone: null };
  // A workspace may have fewer people than tasks have owners.
  const owners = task.owners.flatMap((index) => people[index] ?? []);
  return {
    title: { type: "title", value: [plain(task.title)] },
    "sTg;": { type: "select", value: stages[task.stage]?.id },
    "aR]a": { type: "multi_select", value: task.area.map((index) => areas[index]?.id) },
    "dU:e": { type: "date", value: date },
    "eFf|": { type: "number", value: task.days },
    "oWn?": { type: "people", value: owners },
    "dN~e": { type: "checkbox", value: task.reviewed },
  };
}
