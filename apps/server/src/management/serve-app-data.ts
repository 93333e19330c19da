import { appData } from "@tenon/contract";
import {
  type AppEvent,
  AppEventChange,
  type AppEvents,
  type EnvironmentSecret,
  type EnvironmentSecrets,
  NewAppEvent,
} from "@tenon/runtime";
import { parse } from "../http/serve-endpoint.ts";
import type { ServeInProject } from "./with-api-key.ts";

/** Serves app events and environment secrets: what workflows of a project refer to. */
export function serveAppData(
  serve: ServeInProject,
  { events, secrets }: { events: AppEvents; secrets: EnvironmentSecrets },
): void {
  serveAppEvents(serve, events);
  serveSecrets(serve, secrets);
}

function serveAppEvents(serve: ServeInProject, events: AppEvents): void {
  serve(appData.listAppEvents, async (_input, { id }) => ({
    events: (await events.list(id)).map(toAppEvent),
  }));

  serve(appData.createAppEvent, async ({ body }, { id }) =>
    toAppEvent(await events.create(id, parse(NewAppEvent, body, "body"))),
  );

  serve(appData.getAppEvent, async ({ params }, { id }) =>
    toAppEvent(await events.get(id, params.eventId)),
  );

  serve(appData.updateAppEvent, async ({ params, body, query }, { id }) =>
    toAppEvent(await events.update(id, params.eventId, parse(AppEventChange, body, "body"), query)),
  );

  serve(appData.deleteAppEvent, async ({ params, query }, { id }) =>
    events.remove(id, params.eventId, query),
  );
}

function serveSecrets(serve: ServeInProject, secrets: EnvironmentSecrets): void {
  serve(appData.listSecrets, async (_input, { id }) => ({
    secrets: (await secrets.list(id)).map(toSecret),
  }));

  serve(appData.createSecret, async ({ body }, { id }) => toSecret(await secrets.create(id, body)));

  serve(appData.replaceSecret, async ({ params, body }, { id }) =>
    toSecret(await secrets.replace(id, params.secretId, body.value)),
  );

  serve(appData.deleteSecret, async ({ params, query }, { id }) =>
    secrets.remove(id, params.secretId, query),
  );
}

function toAppEvent(event: AppEvent): appData.AppEvent {
  return {
    id: event.id,
    name: event.name,
    schema: event.schema,
    sample: event.sample,
    dateCreated: event.createdAt.toISOString(),
    dateUpdated: event.updatedAt.toISOString(),
  };
}

/** Never with its value. */
function toSecret(secret: EnvironmentSecret): appData.Secret {
  return {
    id: secret.id,
    name: secret.name,
    dateCreated: secret.createdAt.toISOString(),
    dateUpdated: secret.updatedAt.toISOString(),
  };
}
