import type { Connector } from "@tenon/connector";
import type { ParagonMapping } from "@tenon/workflow";

/** How Paragon's intents correspond to what connectors declare. */
export function paragonMapping(connectors: ReadonlyMap<string, Connector>): ParagonMapping {
  const all = [...connectors.values()];
  const actions = all.flatMap(({ id, actions }) =>
    actions.map(({ id: action, intent }) => ({ integration: id, action, intent })),
  );
  const triggers = all.flatMap((connector) =>
    connector.triggers.map(({ id, intent }) => ({
      id,
      intent,
      workflowIntent: toWorkflowIntent(connector, intent),
    })),
  );
  return {
    toAction: (intent) => actions.find((one) => one.intent === intent),
    toIntent: (integration, action) =>
      actions.find((one) => one.integration === integration && one.action === action)?.intent,
    toTrigger: (intent) =>
      triggers.find((one) => [one.workflowIntent, one.intent].includes(intent))?.id,
    toTriggerIntent: (trigger) => triggers.find(({ id }) => id === trigger)?.workflowIntent,
  };
}

/** Workflows name triggers as NOTION_TRIGGER_PAGE_CREATED, the trigger API without TRIGGER. */
function toWorkflowIntent({ id }: Connector, intent: string): string {
  const name = id.toUpperCase().replaceAll("-", "_");
  return intent.startsWith(`${name}_`) ? intent.replace(name, `${name}_TRIGGER`) : intent;
}
