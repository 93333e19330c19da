import type { Node } from "./records.ts";

const gap = 1_024;
const leastStep = 1e-6;

/** The tree of nodes: who is whose child, in which order, and what is in the trash. */
export class NodeIndex {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #children = new Map<string, Node[]>();

  constructor(nodes: ReadonlyMap<string, Node>) {
    this.#nodes = nodes;
  }

  /** All children, trashed ones too, in their order. */
  childrenOf(parentId: string): readonly Node[] {
    return this.#children.get(parentId) ?? [];
  }

  /** The children that are not in the trash themselves. */
  liveChildrenOf(parentId: string): Node[] {
    return this.childrenOf(parentId).filter((child) => !child.inTrash);
  }

  hasLiveChildren(parentId: string): boolean {
    return this.childrenOf(parentId).some((child) => !child.inTrash);
  }

  /** The node's parent, its parent and so on, up to the workspace. */
  *ancestorsOf(node: Node): Generator<Node> {
    let parent = this.#nodes.get(node.parentId);
    while (parent) {
      yield parent;
      parent = this.#nodes.get(parent.parentId);
    }
  }

  isInTrash(node: Node): boolean {
    return node.inTrash || [...this.ancestorsOf(node)].some((ancestor) => ancestor.inTrash);
  }

  /** The node and everything below it, parents first. */
  *subtreeOf(node: Node): Generator<Node> {
    yield node;
    for (const child of this.childrenOf(node.id)) yield* this.subtreeOf(child);
  }

  /** An order after all children of a parent. */
  orderAtEnd(parentId: string): number {
    return (this.childrenOf(parentId).at(-1)?.order ?? 0) + gap;
  }

  /**
   * Orders for `count` new children right after one child, or before all with no child given.
   * Undefined when numbers have no room left between the two neighbours.
   */
  ordersAfter(parentId: string, childId: string | undefined, count: number): number[] | undefined {
    const siblings = this.childrenOf(parentId);
    const index = childId === undefined ? -1 : siblings.findIndex(({ id }) => id === childId);
    const next = siblings[index + 1]?.order;
    const low = siblings[index]?.order ?? (next ?? gap) - gap * (count + 1);
    const step = next === undefined ? gap : (next - low) / (count + 1);
    if (step < leastStep) return undefined;
    return Array.from({ length: count }, (_, position) => low + step * (position + 1));
  }

  /** Follows a node from what it was to what it is; either may be missing. */
  follow(before: Node | undefined, after: Node | undefined): void {
    if (before && after && before.parentId === after.parentId && before.order === after.order) {
      const siblings = this.#children.get(before.parentId) ?? [];
      siblings[placeOf(siblings, before)] = after;
      return;
    }
    if (before) this.#forget(before);
    if (after) this.#learn(after);
  }

  #learn(node: Node): void {
    const siblings = this.#children.get(node.parentId) ?? [];
    if (siblings.length === 0) this.#children.set(node.parentId, siblings);
    siblings.splice(placeFor(siblings, node.order), 0, node);
  }

  #forget(node: Node): void {
    const siblings = this.#children.get(node.parentId) ?? [];
    siblings.splice(placeOf(siblings, node), 1);
    if (siblings.length === 0) this.#children.delete(node.parentId);
  }
}

/** Where a node that is among its siblings is. */
function placeOf(siblings: readonly Node[], node: Node): number {
  let index = placeFor(siblings, node.order) - 1;
  while (siblings[index]?.id !== node.id) index -= 1;
  return index;
}

/** Where a node of this order goes: after every sibling of the same or a lower order. */
function placeFor(siblings: readonly Node[], order: number): number {
  let low = 0;
  let high = siblings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((siblings[middle]?.order ?? 0) <= order) low = middle + 1;
    else high = middle;
  }
  return low;
}
