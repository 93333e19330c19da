import { columnsOf, presentValue, sourceOf } from "../properties/columns.ts";
import { encodeId, findColumn } from "../properties/find-column.ts";
import type { ValuePlace } from "../properties/property-type.ts";
import { rollupConfig, rollupSources } from "../properties/rollup.ts";
import { typeOf } from "../properties/stored-value.ts";
import { NotionError } from "../notion-error.ts";
import { isRecord, object } from "../validate/composites.ts";
import { parseQuery } from "../validate/parse.ts";
import { nullable, optional, string } from "../validate/scalars.ts";
import type { Call, Route } from "./call.ts";
import { findPage, pathId } from "./find-node.ts";
import { pageSize, toNumber } from "./pagination.ts";

export const propertyItemRoutes: Route[] = [
  {
    method: "GET",
    path: "/v1/pages/:page_id/properties/:property_id",
    capability: "readContent",
    answer: retrieveProperty,
  },
];

const querySchema = object({
  start_cursor: optional(nullable(string())),
  page_size: optional(pageSize),
});

/** One property of a page in full; lists of references come item by item. */
function retrieveProperty(call: Call): object {
  const { view } = call;
  const page = findPage(view, pathId(call, "page_id"));
  const source = sourceOf(page, view);
  const asked = call.params["property_id"] ?? "";
  const column = findColumn(columnsOf(source), asked);
  if (!column) throw NotionError.validation(`Could not find property with name or id: ${asked}`);
  const { type } = column;
  const id = encodeId(column.id);
  const place = { page, column, view, ...(source ? { sourceId: source.id } : {}) };
  const value = presentValue(place);
  const head = { object: "property_item", type, id };
  if (typeOf(column).isPaged && Array.isArray(value)) {
    return presentItems(call, {
      id,
      type,
      details: {},
      items: value.map((one) => ({ ...head, [type]: one })),
    });
  }
  if (type === "rollup" && isRecord(value) && Array.isArray(value["array"])) {
    const items = value["array"].map((one) => ({ object: "property_item", id, ...one }));
    return presentItems(call, { id, type, details: { ...value, array: [] }, items });
  }
  if (type === "rollup" && isRecord(value)) {
    return presentItems(call, { id, type, details: value, items: relationItems(place) });
  }
  return { ...head, [type]: value };
}

/** What a rollup that comes to one value is computed from. */
function relationItems(place: ValuePlace): object[] {
  const { relationId } = rollupConfig(place.column);
  const head = { object: "property_item", id: encodeId(relationId), type: "relation" };
  return rollupSources(place).map(({ page }) => ({ ...head, relation: { id: page.id } }));
}

interface Items {
  id: string;
  type: string;
  /** What the list says about the property beside its items. */
  details: object;
  items: object[];
}

function presentItems(call: Call, { id, type, details, items }: Items): object {
  const size = call.query["page_size"];
  const cursor = call.query["start_cursor"];
  const paging = parseQuery(querySchema, {
    ...(size === undefined ? {} : { page_size: toNumber(size) }),
    ...(cursor === undefined ? {} : { start_cursor: cursor }),
  });
  const start = Number(paging.start_cursor ?? 0);
  if (!Number.isInteger(start) || start < 0) {
    throw NotionError.validation(`The start_cursor provided is invalid: ${paging.start_cursor}`);
  }
  const end = start + (paging.page_size ?? 100);
  const next = end < items.length ? String(end) : null;
  const path = `${call.view.publicUrl}/v1/pages/${call.params["page_id"]}/properties/${id}`;
  return {
    object: "list",
    results: items.slice(start, end),
    next_cursor: next,
    has_more: next !== null,
    type: "property_item",
    property_item: {
      id,
      next_url: next === null ? null : `${path}?start_cursor=${next}`,
      type,
      [type]: details,
    },
  };
}
