import { newUuid } from "../../src/ids.ts";
import type { Instance } from "../../src/instance.ts";
import type { Node } from "../../src/store/records.ts";
import { isObject, textOf, type JsonObject } from "./recording.ts";

/** Something in a block that says it has children, when none of them is shown. */
export function addHidden({ store }: Instance, node: Node, object: JsonObject): void {
  if (node.kind !== "block" || object["has_children"] !== true) return;
  if (store.nodes.hasLiveChildren(node.id)) return;
  const content = { rich_text: [] };
  store.put("nodes", { ...node, id: newUuid(), parentId: node.id, type: "paragraph", content });
}

/** The other side of dual relations, when its data source is not shown with it. */
export function addSynced({ store }: Instance, object: JsonObject): void {
  const columns = isObject(object["properties"]) ? Object.values(object["properties"]) : [];
  for (const column of columns) {
    const relation = isObject(column) ? column["relation"] : undefined;
    const dual = isObject(relation) ? relation["dual_property"] : undefined;
    if (!isObject(relation) || !isObject(dual)) continue;
    const target = store.get("nodes", textOf(relation["data_source_id"]));
    const id = decodeURIComponent(textOf(dual["synced_property_id"]));
    const name = textOf(dual["synced_property_name"]);
    const own = decodeURIComponent(isObject(column) ? textOf(column["id"]) : "");
    if (target?.kind !== "data_source" || id === "") continue;
    const known = target.schema.find((one) => one.id === id || one.name === name);
    if (known) {
      const config = { ...known.config, syncedId: known.config["syncedId"] ?? own };
      const schema = target.schema.map((one) => (one === known ? { ...one, name, config } : one));
      store.put("nodes", { ...target, schema });
      continue;
    }
    const config = { dataSourceId: textOf(object["id"]), kind: "dual_property", syncedId: own };
    const synced = { id, name, description: null, type: "relation", config };
    store.put("nodes", { ...target, schema: [...target.schema, synced] });
  }
}
