import type { Difference, ObjectState } from "@tenon/connector";
import * as z from "zod";
import { decodeId } from "../data-sources/property-schema.ts";
import { Page, type Parent } from "../schemas.ts";
import { digest } from "./digest.ts";
import { lasting } from "./lasting.ts";

/** The part of a page's state that is its content, which costs requests of its own. */
export const contentPart = "content";
const propertyPart = "property:";
/** What a property without a value has in place of a digest. */
const empty = "";

/**
 * What changes without an edit of the page is not followed: what Notion computes, among it formulas
 * and rollups, which follow other pages and the time of day.
 */
const computed: ReadonlySet<string> = new Set([
  "formula",
  "rollup",
  "created_time",
  "created_by",
  "last_edited_time",
  "last_edited_by",
  "unique_id",
  "button",
]);

/**
 * The parts of a page that Notion shows of it without its content.
 *
 * - Of a property with more than 25 mentions, people or related pages the first 25 count: Notion
 *   shows no more of them here.
 */
export function pageState(page: Page): ObjectState {
  const { icon, cover, parent, properties = {} } = page;
  const parts = Object.values(properties)
    .filter(({ type }) => !computed.has(type))
    .map((value) => [propertyPart + decodeId(value.id), propertyState(value)]);
  return {
    icon: digest(lasting(icon)),
    cover: digest(lasting(cover)),
    parent: idOfParent(parent),
    trash: String(page.in_trash === true),
    lock: String(page["is_locked"] === true),
    ...Object.fromEntries(parts),
  };
}

/** What a page or block lies in. A row lies in a data source, whatever the database around it. */
export function idOfParent(parent: Parent | undefined): string {
  const { data_source_id, page_id, block_id, database_id } = parent ?? {};
  return data_source_id ?? page_id ?? block_id ?? database_id ?? "workspace";
}

function propertyState(value: { type: string } & Record<string, unknown>): string {
  const own = ownValue(value.type, value[value.type]);
  return isEmpty(own) ? empty : digest(own);
}

const Option = z.looseObject({ id: z.string() }).transform(({ id }) => id);
const Verification = z.object({
  state: z.string(),
  date: z.unknown(),
  verified_by: z.unknown(),
});

/** A property's value by what people set on the page. */
function ownValue(type: string, value: unknown): unknown {
  switch (type) {
    // What an option is called, and its colour, are edited in the data source.
    case "select":
    case "status":
      return Option.safeParse(value).data;
    case "multi_select":
      return z.array(Option).safeParse(value).data;
    case "verification":
      return verificationValue(value);
    default:
      return lasting(value);
  }
}

/** One that has expired is as it was: nobody edited the page. */
function verificationValue(value: unknown): unknown {
  const { state = "unverified", date, verified_by: by } = Verification.safeParse(value).data ?? {};
  return state === "unverified" ? undefined : lasting({ date, by });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return Array.isArray(value) && value.length === 0;
}

/** What two looks at a page's own parts can tell, and what only a look at its content can. */
const shallowChanges = ["properties", "locked", "moved", "deleted", "restored"];

/**
 * What is different between two looks at a page. The details name the properties that changed, none
 * where only the icon or cover did, and what a page that moved lies in now.
 */
export function comparePages(before: ObjectState, after: ObjectState, result: unknown): Difference {
  const differs = (part: string): boolean =>
    part in before && part in after && before[part] !== after[part];
  const { properties = {}, parent } = Page.partial().parse(result);
  const changed = Object.entries(properties)
    .filter(([, { id }]) => isPropertyChanged(before, after, propertyPart + decodeId(id)))
    .map(([name, { id }]) => ({ id, name }));
  const changes = {
    properties: changed.length > 0 || differs("icon") || differs("cover"),
    content: differs(contentPart),
    locked: differs("lock"),
    moved: differs("parent"),
    deleted: differs("trash") && isInTrash(after),
    restored: differs("trash") && !isInTrash(after),
  };
  return {
    changes: Object.entries(changes).flatMap(([change, isThere]) => (isThere ? [change] : [])),
    unknown: [
      ...(wasSeen(before) ? [] : shallowChanges),
      ...(contentPart in after && !(contentPart in before) ? ["content"] : []),
    ],
    details: {
      ...(changes.properties && { properties: changed }),
      ...(changes.moved && { parent }),
    },
  };
}

/** A property that was not there before came with an edit of the data source, until it is filled. */
function isPropertyChanged(before: ObjectState, after: ObjectState, part: string): boolean {
  if (!wasSeen(before) || !(part in after)) return false;
  return (before[part] ?? empty) !== after[part];
}

export function isInTrash(state: ObjectState): boolean {
  return state["trash"] === "true";
}

function wasSeen(state: ObjectState): boolean {
  return "trash" in state;
}
