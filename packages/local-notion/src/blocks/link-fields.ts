import { toDashed } from "../ids.ts";
import { looseObject, union } from "../validate/composites.ts";
import { id, literal, nullable, optional } from "../validate/scalars.ts";
import type { BlockType } from "./block-types.ts";
import type { Field } from "./fields.ts";

const targets = union(
  looseObject({ type: optional(literal("page_id")), page_id: id() }),
  looseObject({ type: optional(literal("database_id")), database_id: id() }),
  looseObject({ type: optional(literal("comment_id")), comment_id: id() }),
);

/** A link to a page, database or comment: its payload is the target itself. */
export const linkToPage: BlockType = {
  nesting: "none",
  isWritable: true,
  createSchema: () => targets,
  updateSchema: targets,
  toContent: (request, before = {}) => {
    for (const type of ["page_id", "database_id", "comment_id"]) {
      const targetId = request[type];
      if (typeof targetId === "string") return { type, [type]: toDashed(targetId) };
    }
    return before;
  },
  present: (content) => content,
};

const reference = nullable(looseObject({ type: optional(literal("block_id")), block_id: id() }));

/** What a synced block shows: null for an original, else the original it repeats. */
export const syncedFrom: Field = {
  schema: reference,
  required: true,
  initial: null,
  store: (request) => {
    const source = request as { block_id: string } | null;
    return source ? { type: "block_id", block_id: toDashed(source.block_id) } : null;
  },
  present: (stored) => stored,
};
