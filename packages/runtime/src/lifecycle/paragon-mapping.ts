import type { Connector } from "@tenon/connector";
import type { ParagonMapping } from "@tenon/workflow";

/** How Paragon's intents correspond to what connectors declare. */
export function paragonMapping(connectors: ReadonlyMap<string, Connector>): ParagonMapping {
  const all = [...connectors.values()];
  const actions = all.flatMap(({ id, actions }) =>
    actions.map(({ id: action, intent }) => ({ integration: id, action, intent })),
  );
  const triggers = all.flatMap((connector) => connector.triggers);
  return {
    toAction: (intent) => actions.find((one) => one.intent === intent),
    toIntent: (integration, action) =>
      actions.find((one) => one.integration === integration && one.action === action)?.intent,
    // Workflows name triggers as NOTION_TRIGGER_PAGE_CREATED, the trigger API without TRIGGER.
    toTrigger: (intent) =>
      triggers.find((one) => one.intent === intent || one.intent === withoutTrigger(intent))?.id,
    toTriggerIntent: (trigger) => triggers.find(({ id }) => id === trigger)?.intent,
  };
}

function withoutTrigger(intent: string): string {
  return intent.replace("_TRIGGER_", "_");
}
