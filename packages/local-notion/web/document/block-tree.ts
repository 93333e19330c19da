import type { Block, RichText } from "../api/objects.ts";
import { textOf } from "./block-kinds.ts";

/** A block as the API gives it, with all that is below. */
export interface LoadedBlock {
  block: Block;
  children: readonly LoadedBlock[];
}

/** A block on the page. */
export interface BlockNode {
  /** Stays the same while the block is shown: the block's id, or one of ours until it has an id. */
  key: string;
  /** Key of the block it is in, or {@link rootKey}. */
  parent: string;
  block: Block;
  /** The text a person can edit here, when the block has one. */
  text: readonly RichText[] | undefined;
  children: readonly string[];
}

/** All blocks of a page by key. Never changed in place: each edit makes a new one. */
export interface BlockTree {
  nodes: ReadonlyMap<string, BlockNode>;
  roots: readonly string[];
}

/** A place among the children of `parent`; with neither neighbour it is the last. */
export interface Place {
  parent: string;
  after?: string | undefined;
  before?: string | undefined;
}

export const rootKey = "";
export const emptyTree: BlockTree = { nodes: new Map(), roots: [] };

export function childrenOf(tree: BlockTree, parent: string): readonly string[] {
  return parent === rootKey ? tree.roots : (tree.nodes.get(parent)?.children ?? []);
}

export function insertNode(tree: BlockTree, node: BlockNode, place: Place): BlockTree {
  const siblings = childrenOf(tree, place.parent);
  const index =
    place.after !== undefined
      ? siblings.indexOf(place.after) + 1
      : place.before !== undefined
        ? siblings.indexOf(place.before)
        : siblings.length;
  return withChildren(
    { ...tree, nodes: new Map(tree.nodes).set(node.key, node) },
    place.parent,
    siblings.toSpliced(index, 0, node.key),
  );
}

/** Takes the block and all that is below it off the page. */
export function removeNode(tree: BlockTree, key: string): BlockTree {
  const node = tree.nodes.get(key);
  if (!node) return tree;
  const nodes = new Map(tree.nodes);
  for (const gone of withDescendants(tree, key)) nodes.delete(gone);
  const siblings = childrenOf(tree, node.parent).filter((sibling) => sibling !== key);
  return withChildren({ ...tree, nodes }, node.parent, siblings);
}

export function updateNode(tree: BlockTree, key: string, change: Partial<BlockNode>): BlockTree {
  const node = tree.nodes.get(key);
  return node ? { ...tree, nodes: new Map(tree.nodes).set(key, { ...node, ...change }) } : tree;
}

/**
 * The tree of what was loaded. Blocks that are the same as before keep their object, so that only
 * what has changed is drawn anew; `keyOf` gives the key under which a block is already shown.
 */
export function mergeTree(
  old: BlockTree,
  loaded: readonly LoadedBlock[],
  keyOf: (id: string) => string,
): BlockTree {
  const nodes = new Map<string, BlockNode>();
  const add = ({ block, children }: LoadedBlock, parent: string): string => {
    const key = keyOf(block.id);
    const childKeys = children.map((child) => add(child, key));
    const node = { key, parent, block, text: textOf(block), children: childKeys };
    const before = old.nodes.get(key);
    const isSame = before && JSON.stringify(before) === JSON.stringify(node);
    nodes.set(key, isSame ? before : node);
    return key;
  };
  const roots = loaded.map((block) => add(block, rootKey));
  const isSame = roots.join() === old.roots.join();
  return { nodes, roots: isSame ? old.roots : roots };
}

function withChildren(tree: BlockTree, parent: string, children: readonly string[]): BlockTree {
  return parent === rootKey ? { ...tree, roots: children } : updateNode(tree, parent, { children });
}

function withDescendants(tree: BlockTree, key: string): string[] {
  return [key, ...childrenOf(tree, key).flatMap((child) => withDescendants(tree, child))];
}
