import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { DataSourceNode, PageNode } from "../store/records.ts";
import { looseObject, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { id, literal, optional } from "../validate/scalars.ts";
import type { Call, Route } from "./call.ts";
import { enterRow } from "./enter-row.ts";
import { assertEditable, findDataSource, findPage, pathId } from "./find-node.ts";
import { presentPage } from "./present-page.ts";
import { touch } from "./trash.ts";

export const movePageRoutes: Route[] = [
  {
    method: "POST",
    path: "/v1/pages/:page_id/move",
    capability: "updateContent",
    answer: movePage,
  },
];

const request = object({
  parent: union(
    looseObject({ type: optional(literal("page_id")), page_id: id() }),
    looseObject({ type: optional(literal("data_source_id")), data_source_id: id() }),
  ),
});

/** Moves a page with all below it into another page or data source. */
function movePage(call: Call): object {
  const { view } = call;
  const page = findPage(view, pathId(call, "page_id"));
  const { parent } = parseBody(request, call.body);
  const home =
    "page_id" in parent
      ? findPage(view, toDashed(parent.page_id))
      : findDataSource(view, parent.data_source_id);
  assertEditable(view, page);
  assertEditable(view, home);
  assertOutside(call, page, home);
  const { title } = page.properties;
  const isSameSource = home.id === page.parentId;
  const moved: PageNode = {
    ...page,
    parentId: home.id,
    order: view.store.nodes.orderAtEnd(home.id),
    // Columns belong to a data source: of a page that leaves it only the title goes along.
    properties: isSameSource ? page.properties : title ? { title } : {},
  };
  view.store.put("nodes", moved);
  if (home.kind === "data_source" && !isSameSource) enterRow(view, home.id, moved);
  touch(call, moved);
  return presentPage(findPage(view, page.id), view);
}

function assertOutside(call: Call, page: PageNode, home: PageNode | DataSourceNode): void {
  const ancestors = [home, ...call.view.store.nodes.ancestorsOf(home)];
  if (ancestors.every(({ id: ancestor }) => ancestor !== page.id)) return;
  throw NotionError.validation("A page cannot be moved into itself or a page below it.");
}
