import { newUuid } from "../ids.ts";
import { mergeOptions, type Option } from "./options.ts";

interface Group {
  id: string;
  name: string;
  color: string;
  option_ids: string[];
}

/** The three groups every status column has, with one option in each. */
export function defaultStatus(): Record<string, unknown> {
  const option = (name: string, color: string): Option => ({
    id: newUuid(),
    name,
    color,
    description: null,
  });
  const options = [
    option("Not started", "default"),
    option("In progress", "blue"),
    option("Done", "green"),
  ];
  const groups = groupNames.map(([name, color], index) => ({
    id: newUuid(),
    name,
    color,
    option_ids: [options[index]?.id ?? ""],
  }));
  return { options, groups };
}

const groupNames = [
  ["To-do", "gray"],
  ["In progress", "blue"],
  ["Complete", "green"],
] as const;

/** A status column with its options changed: new ones start in the first group. */
export function mergeStatus(
  before: Record<string, unknown>,
  change: Parameters<typeof mergeOptions>[1],
): Record<string, unknown> {
  // Written by this file only.
  const options = mergeOptions(before["options"] as Option[], change);
  const groups = before["groups"] as Group[];
  const grouped = new Set(groups.flatMap(({ option_ids: ids }) => ids));
  const added = options.map(({ id }) => id).filter((id) => !grouped.has(id));
  const known = new Set(options.map(({ id }) => id));
  return {
    options,
    groups: groups.map((group, index) => ({
      ...group,
      option_ids: [...group.option_ids, ...(index === 0 ? added : [])].filter((id) =>
        known.has(id),
      ),
    })),
  };
}
