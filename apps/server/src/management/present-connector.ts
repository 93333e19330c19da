import type { Action, Connector, Trigger } from "@tenon/connector";
import type { catalogue } from "@tenon/contract";
import { toJsonSchema } from "../to-json-schema.ts";

/** A connector as the catalogue shows it: forms, checks and docs are made of its schemas. */
export function toCatalogue(connector: Connector, url: string): catalogue.CatalogueConnector {
  return {
    type: connector.id,
    title: connector.title,
    brandColor: connector.brandColor,
    icon: `${url}/integrations/${connector.id}.svg`,
    description: connector.description,
    actions: connector.actions.map(toAction),
    triggers: connector.triggers.map(toTrigger),
    pickers: connector.pickers.map(({ id, title, needs = [] }) => ({
      id,
      title,
      needs: [...needs],
    })),
    shapes: connector.shapes.map(({ id, needs }) => ({ id, needs: [...needs] })),
  };
}

function toAction(action: Action): catalogue.CatalogueConnector["actions"][number] {
  return {
    id: action.id,
    intent: action.intent,
    title: action.title,
    summary: action.summary,
    effect: action.effect,
    repeatable: action.repeatable ?? action.effect !== "write",
    inputSchema: toJsonSchema(action.input, "input"),
    outputSchema: toJsonSchema(action.output, "output"),
  };
}

function toTrigger(trigger: Trigger): catalogue.CatalogueConnector["triggers"][number] {
  return {
    id: trigger.id,
    intent: trigger.intent,
    title: trigger.title,
    summary: trigger.summary,
    inputSchema: toJsonSchema(trigger.input, "input"),
    outputSchema: toJsonSchema(trigger.output, "output"),
  };
}
