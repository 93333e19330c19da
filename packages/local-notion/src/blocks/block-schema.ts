import { array, object, union } from "../validate/composites.ts";
import { literal, optional } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import { blockTypes, type BlockType, type Nesting } from "./block-types.ts";

/** A block in a request, after checking: its payload is under the key of its type. */
export type BlockRequest = Record<string, unknown>;

/** Blocks of one request, at most this many on each level. */
const most = 100;
/** How many levels of children a request may hold below its top-level blocks. */
const deepest = 2;

const made = new Map<string, Schema<BlockRequest>>();

/** Children of a page or block in a request: two further levels may hang below each. */
export const childrenSchema: Schema<BlockRequest[]> = {
  expects: "an array",
  check: (value, at, problems) => array(blockAt(0), { max: most }).check(value, at, problems),
};

function blockAt(depth: number): Schema<BlockRequest> {
  const writable = Object.keys(blockTypes).filter((type) => blockTypes[type]?.isWritable);
  return remember(`any ${depth}`, () => union(...writable.map((type) => blockOf(type, depth))));
}

function blockOf(type: string, depth: number): Schema<BlockRequest> {
  const definition = blockTypes[type];
  if (!definition) throw new Error(`No block type ${type}`);
  return remember(`${type} ${depth}`, () => {
    const payload = definition.createSchema(childrenAt(definition, depth));
    return object({
      type: optional(literal(type)),
      object: optional(literal("block")),
      [type]: payload,
    });
  });
}

function childrenAt({ nesting }: BlockType, depth: number): Record<string, Schema<unknown>> {
  if (nesting === "none" || depth >= deepest) return {};
  const schema = childrenOf(nesting, depth);
  return { children: nesting === "any" ? optional(schema) : schema };
}

function childrenOf(nesting: Exclude<Nesting, "none">, depth: number): Schema<unknown> {
  switch (nesting) {
    case "any":
      return array(blockAt(depth + 1), { max: most });
    case "table_rows":
      return array(blockOf("table_row", depth + 1), { min: 1, max: most });
    case "columns":
      // A column is no level of its own: what is in it may nest as deep as beside it.
      return array(blockOf("column", depth), { min: 2, max: most });
    case "tabs":
      return array(blockOf("paragraph", depth + 1), { max: most });
  }
}

function remember(key: string, make: () => Schema<BlockRequest>): Schema<BlockRequest> {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

/** The type and payload of a block in a request. */
export function readBlock(request: BlockRequest): {
  type: string;
  payload: Record<string, unknown>;
  children: BlockRequest[];
} {
  const type = Object.keys(request).find((key) => key in blockTypes && key !== "type");
  // The border: `childrenSchema` has checked that the payload is an object with valid children.
  const payload = (request[type ?? ""] ?? {}) as Record<string, unknown>;
  const children = (payload["children"] ?? []) as BlockRequest[];
  return { type: type ?? "", payload, children };
}
