import { type Configuration, type Connection, selectConnection } from "@tenon/connections";
import type { ConfigurationTarget } from "./enrollment-store.ts";
import type { ConfigurationSelector, WorkflowUser } from "./enrollments.ts";
import { lifecycleError } from "./lifecycle-error.ts";

export interface SelectedConfiguration {
  connection: Connection;
  configuration: Configuration;
}

/**
 * The configuration a selector names among a user's connections, oldest first. Throws
 * `connection_not_found`, `configuration_not_found`.
 *
 * A configuration that is named without a connection is looked for on all of them.
 */
export function selectConfiguration(
  connections: readonly Connection[],
  selector: ConfigurationSelector = {},
): SelectedConfiguration {
  const { connection: named, configuration: wanted } = selector;
  if (named === undefined && wanted !== undefined) {
    const first = selectConnection(connections);
    const others = connections.filter((one) => one !== first);
    for (const connection of first === undefined ? [] : [first, ...others]) {
      const configuration = findConfiguration(connection, wanted);
      if (configuration !== undefined) return { connection, configuration };
    }
    throw unknownConfiguration(wanted);
  }
  const connection = selectConnection(connections, named);
  if (connection === undefined) throw unknownConnection(named);
  const configuration = findConfiguration(connection, wanted);
  if (configuration === undefined) throw unknownConfiguration(wanted ?? "default");
  return { connection, configuration };
}

/** By id, then by externalId; without a selector the default one. */
function findConfiguration(
  { configurations }: Connection,
  selector: string | undefined,
): Configuration | undefined {
  if (selector === undefined) return configurations.find(({ isDefault }) => isDefault);
  const prefix = "ext:";
  if (selector.startsWith(prefix)) {
    return configurations.find(({ externalId }) => externalId === selector.slice(prefix.length));
  }
  return (
    configurations.find(({ id }) => id === selector.toLowerCase()) ??
    configurations.find(({ externalId }) => externalId === selector)
  );
}

/** What a change of a configuration is told by. */
export function toTarget(
  user: WorkflowUser,
  { connection, configuration }: SelectedConfiguration,
): ConfigurationTarget {
  return {
    projectId: user.projectId,
    userId: user.id,
    connectionId: connection.id,
    configurationId: configuration.id,
  };
}

export function unknownConnection(selector: string | undefined) {
  return lifecycleError(
    "connection_not_found",
    selector === undefined
      ? "This user has not connected this integration yet."
      : `This user has no connection "${selector}" of this integration.`,
  );
}

export function unknownConfiguration(selector: string) {
  return lifecycleError(
    "configuration_not_found",
    `This user has no configuration "${selector}" of this integration.`,
  );
}
