import type { Configuration, Connection } from "@tenon/connections";
import type { EndpointInput, wireWorkflows } from "@tenon/contract";
import type { SettingsChange } from "@tenon/runtime";

type Config = EndpointInput<typeof wireWorkflows.updateCredential>["body"]["config"];

interface Circumstances {
  /** The SDK sends along whether a workflow was enabled when the page was loaded. */
  isSdk: boolean;
  current: Connection | undefined;
  /** Selector of the configuration; else the default one. */
  configuration: string | undefined;
}

/**
 * What a PATCH of a credential asks for.
 *
 * - The SDK's `workflowSettings` echo whether a workflow is enabled as the page knew it: not asked.
 * - `configuredWorkflows`, as Paragon documents them, are the whole: what is not named is disabled.
 */
export function toSettingsChange(config: Config, circumstances: Circumstances): SettingsChange {
  const { sharedSettings, workflowSettings, configuredWorkflows } = config;
  return {
    ...(sharedSettings && { sharedSettings }),
    ...((workflowSettings ?? configuredWorkflows) && {
      workflowSettings: {
        ...(configuredWorkflows && {
          ...notNamed(configuredWorkflows, circumstances),
          ...configuredWorkflows,
        }),
        ...(workflowSettings &&
          (circumstances.isSdk ? withoutEcho(workflowSettings) : workflowSettings)),
      },
    }),
  };
}

function withoutEcho(workflows: NonNullable<Config["workflowSettings"]>) {
  return Object.fromEntries(
    Object.entries(workflows).map(([id, { settings }]) => [id, { settings }]),
  );
}

/** Workflows that the configuration has and a replacement does not name. */
function notNamed(
  named: NonNullable<Config["configuredWorkflows"]>,
  { current, configuration }: Circumstances,
) {
  const target = current && findConfiguration(current, configuration);
  const gone = Object.keys(target?.workflowSettings ?? {}).filter((id) => !(id in named));
  return Object.fromEntries(gone.map((id) => [id, { enabled: false, settings: {} }]));
}

function findConfiguration(
  { configurations }: Connection,
  selector: string | undefined,
): Configuration | undefined {
  if (selector === undefined) return configurations.find(({ isDefault }) => isDefault);
  const externalId = selector.startsWith("ext:") ? selector.slice(4) : selector;
  return (
    configurations.find(({ id }) => id === selector.toLowerCase()) ??
    configurations.find((one) => one.externalId === externalId)
  );
}
