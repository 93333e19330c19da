import type { PropertySchema, PropertyValue } from "../../src/store/records.ts";
import { isObject, listOf, textOf, type Json, type JsonObject } from "./recording.ts";
import { toFile, toTexts } from "./to-content.ts";

/** A page's value as stored. */
export function toValue(object: JsonObject): PropertyValue {
  const type = textOf(object["type"]);
  return { type, value: storedForm(type, object[type]) };
}

function storedForm(type: string, value: Json | undefined): unknown {
  switch (type) {
    case "title":
    case "rich_text":
      return toTexts(value);
    case "select":
    case "status":
      return isObject(value) ? value["id"] : null;
    case "multi_select":
    case "people":
    case "relation":
      return listOf(value).map((one) => (isObject(one) ? one["id"] : one));
    case "files":
      return listOf(value)
        .filter((one) => isObject(one))
        .map((one) => ({ name: textOf(one["name"]), source: toFile(one) }));
    case "unique_id":
      return isObject(value) ? value["number"] : null;
    case "verification":
      return isObject(value)
        ? { state: value["state"], date: value["date"] ?? null, by: null }
        : { state: "unverified", date: null, by: null };
    default:
      return value ?? null;
  }
}

/** A column as stored. */
export function toColumn(object: JsonObject): PropertySchema {
  const type = textOf(object["type"]);
  const config = isObject(object[type]) ? object[type] : {};
  return {
    id: decodeURIComponent(textOf(object["id"])),
    name: textOf(object["name"]),
    description: typeof object["description"] === "string" ? object["description"] : null,
    type,
    config: storedConfig(type, config),
  };
}

function storedConfig(type: string, config: JsonObject): Record<string, unknown> {
  switch (type) {
    case "relation": {
      const dual = config["dual_property"];
      const syncedId = isObject(dual) ? dual["synced_property_id"] : undefined;
      return {
        dataSourceId: config["data_source_id"],
        kind: config["type"],
        syncedId: typeof syncedId === "string" ? decodeURIComponent(syncedId) : null,
      };
    }
    case "rollup":
      return {
        relationId: config["relation_property_id"],
        targetId: config["rollup_property_id"],
        function: config["function"],
      };
    case "formula":
      return {
        expression: textOf(config["expression"]).replaceAll(
          /\{\{notion:block_property:([^:}]*):[^}]*\}\}/g,
          "{{property:$1}}",
        ),
      };
    default:
      return config;
  }
}
