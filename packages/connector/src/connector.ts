import type { Action } from "./action.ts";
import type { Api } from "./api.ts";
import type { OAuth2 } from "./auth.ts";
import type { Picker, Shape } from "./picker.ts";
import type { Trigger } from "./trigger.ts";
import type { Watch } from "./watch.ts";

/** A provider, described: what its folder under `connectors/` exports. */
export interface Connector {
  /** Kebab-case id, the `type` of the SDK's wire. */
  id: string;
  title: string;
  /** CSS colour of the provider's brand. */
  brandColor: string;
  /** SVG source of the icon. */
  icon: string;
  /** Markdown shown to the end user before connecting. */
  description: string;
  auth: OAuth2;
  api: Api;
  actions: readonly Action[];
  triggers: readonly Trigger[];
  /** How the objects of its triggers are watched; needed where it has any. */
  watch?: Watch;
  pickers: readonly Picker[];
  shapes: readonly Shape[];
}

/** Declares a connector and checks at load time what types cannot. */
export function defineConnector(
  declared: Omit<Connector, Kind> & Partial<Pick<Connector, Kind>>,
): Connector {
  const connector = { actions: [], triggers: [], pickers: [], shapes: [], ...declared };
  if (!/^[a-z][a-z0-9-]*$/.test(connector.id)) {
    throw new TypeError(`Connector id "${connector.id}" must be kebab-case.`);
  }
  const baseUrl = new URL(connector.api.baseUrl);
  if (connector.api.baseUrl.endsWith("/") || baseUrl.search !== "" || baseUrl.hash !== "") {
    throw new TypeError(
      `Connector "${connector.id}": api.baseUrl must be an origin and path without a trailing slash.`,
    );
  }
  for (const kind of kinds) assertDistinctIds(connector, kind);
  assertWatched(connector);
  return Object.freeze(connector);
}

const kinds = ["actions", "triggers", "pickers", "shapes"] as const;
type Kind = (typeof kinds)[number];

function assertDistinctIds(connector: Connector, kind: Kind): void {
  const seen = new Set<string>();
  for (const { id } of connector[kind]) {
    if (!/^[a-z][a-z0-9-]*$/.test(id) || seen.has(id)) {
      throw new TypeError(
        `Connector "${connector.id}": "${id}" in ${kind} must be kebab-case and unique.`,
      );
    }
    seen.add(id);
  }
}

function assertWatched({ id, triggers, watch }: Connector): void {
  const kinds = new Set(watch?.objects.map(({ kind }) => kind));
  const unwatched = triggers.find(({ object }) => !kinds.has(object));
  if (unwatched === undefined) return;
  throw new TypeError(
    `Connector "${id}": trigger "${unwatched.id}" is about "${unwatched.object}", which is not among the watched objects.`,
  );
}
