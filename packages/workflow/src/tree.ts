import type { Definition, Step } from "./definition.ts";

/** A branch of a conditional or fan out, in which steps stand. */
export interface Place {
  /** Id of the conditional or fan out. */
  container: string;
  /** Where the branch stands among the container's. */
  branch: number;
  outer: Place | undefined;
  depth: number;
  /** The fan outs around it, outermost first. */
  fanOuts: readonly string[];
}

/** A step, where it stands, and how many are before it when all branches are walked in order. */
export interface TreeNode {
  step: Step;
  place: Place | undefined;
  order: number;
}

/** What keeps steps from being a tree. `field` is the JSON pointer of what names the step. */
export interface TreeFault {
  code: "duplicate_id" | "unknown_step" | "cycle" | "named_twice" | "unreachable";
  /** The step that has the field; the trigger's id for its `next`. */
  stepId: string;
  /** Where the step stands among the steps, -1 for the trigger: ids may be given twice. */
  index: number;
  field: string;
  /** The step that is named. */
  target: string;
}

export interface Tree {
  /** Steps that a run can reach, by id, in the order of a walk through all branches. */
  nodes: ReadonlyMap<string, TreeNode>;
  faults: readonly TreeFault[];
}

/** One way on from a step: what names the next one, and the place where that one stands. */
interface Edge {
  from: string;
  index: number;
  field: string;
  target: string | null;
  place: Place | undefined;
}

/** Walks a workflow from its trigger, in time linear in its steps. */
export function readTree(definition: Definition): Tree {
  const { trigger } = definition;
  const faults: TreeFault[] = [];
  const indexes = indexSteps(definition, faults);
  const nodes = new Map<string, TreeNode>();
  const open = new Set<string>([trigger.id]);
  const first = {
    from: trigger.id,
    index: -1,
    field: "/next",
    target: trigger.next,
    place: undefined,
  };
  // A stack, not recursion: a chain is as deep as it is long. A text closes the step of that id.
  const stack: (Edge | string)[] = [first];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (typeof entry === "string") {
      open.delete(entry);
      continue;
    }
    const { from, index, field, target, place } = entry;
    if (target === null) continue;
    const at = indexes.get(target);
    const step = at === undefined ? undefined : definition.steps[at];
    const code = open.has(target)
      ? "cycle"
      : nodes.has(target)
        ? "named_twice"
        : step === undefined && "unknown_step";
    if (code !== false) {
      faults.push({ code, stepId: from, index, field, target });
      continue;
    }
    if (at === undefined || step === undefined) continue;
    nodes.set(target, { step, place, order: nodes.size });
    open.add(target);
    stack.push(target, ...edgesOf(step, { index: at, place }).toReversed());
  }
  for (const [index, step] of definition.steps.entries()) {
    if (nodes.has(step.id) || !indexes.has(step.id)) continue;
    faults.push({ code: "unreachable", stepId: step.id, index, field: "", target: step.id });
  }
  return { nodes, faults };
}

function indexSteps(definition: Definition, faults: TreeFault[]): Map<string, number> {
  const { trigger, steps } = definition;
  const indexes = new Map<string, number>();
  for (const [index, { id }] of steps.entries()) {
    if (id === trigger.id || indexes.has(id)) {
      faults.push({ code: "duplicate_id", stepId: id, index, field: "/id", target: id });
    } else {
      indexes.set(id, index);
    }
  }
  return indexes;
}

function edgesOf(step: Step, at: { index: number; place: Place | undefined }): Edge[] {
  const from = { from: step.id, index: at.index };
  const inside = branchesOf(step).map(({ field, target }, branch) => {
    const place = branchPlace(step, branch, at.place);
    return { ...from, field, target, place };
  });
  return [...inside, { ...from, field: "/next", target: step.next, place: at.place }];
}

function branchPlace(step: Step, branch: number, outer: Place | undefined): Place {
  const around = outer?.fanOuts ?? [];
  const fanOuts = step.type === "fanOut" ? [...around, step.id] : around;
  return { container: step.id, branch, outer, depth: (outer?.depth ?? 0) + 1, fanOuts };
}

/** The branches of a conditional, in order, or the one of a fan out. */
function branchesOf(step: Step): { field: string; target: string | null }[] {
  switch (step.type) {
    case "conditional":
      return [
        ...step.branches.map(({ next }, index) => ({
          field: `/branches/${index}/next`,
          target: next,
        })),
        { field: "/otherwise/next", target: step.otherwise.next },
      ];
    case "fanOut":
      return [{ field: "/each", target: step.each }];
    case "action":
    case "integrationRequest":
    case "request":
    case "function":
    case "delay":
    case "response":
      return [];
    default:
      return step satisfies never;
  }
}

/**
 * Whether `earlier` surely or possibly ran before `later`: it stands before it, and not in another
 * branch of the same conditional.
 */
export function isUpstream(earlier: TreeNode, later: TreeNode): boolean {
  return earlier.order < later.order && !areInSiblingBranches(earlier.place, later.place);
}

/** Whether both stand in branches of one conditional, but not the same one. */
export function areInSiblingBranches(a: Place | undefined, b: Place | undefined): boolean {
  const depth = Math.min(a?.depth ?? 0, b?.depth ?? 0);
  let left = liftTo(a, depth);
  let right = liftTo(b, depth);
  while (left !== right && left !== undefined && right !== undefined) {
    if (left.container === right.container) return true;
    left = left.outer;
    right = right.outer;
  }
  return false;
}

function liftTo(place: Place | undefined, depth: number): Place | undefined {
  let lifted = place;
  while (lifted !== undefined && lifted.depth > depth) lifted = lifted.outer;
  return lifted;
}
