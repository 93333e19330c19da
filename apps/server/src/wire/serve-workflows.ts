import type { ConnectionStore } from "@tenon/connections";
import { wireWorkflows as wire } from "@tenon/contract";
import type { Enrollments, Starts } from "@tenon/runtime";
import type { Caller } from "../identity/callers.ts";
import type { ServeUser } from "./serve-user.ts";
import { toSettingsChange } from "./settings-change.ts";
import { toCredential } from "./to-wire.ts";

interface Services {
  connections: ConnectionStore;
  enrollments: Enrollments;
  starts: Starts;
}

/** Serves app events: they start every workflow that has the event and that the user enabled. */
export function serveEvents(serve: ServeUser, { starts }: Pick<Services, "starts">): void {
  for (const endpoint of [wire.triggerEvent, wire.triggerEventDocumented] as const) {
    serve(endpoint, async ({ body, headers }, { caller }) => {
      const started = await starts.sendEvent(
        toUser(caller),
        {
          name: body.name,
          payload: body.payload ?? {},
          idempotencyKey: headers["idempotency-key"],
        },
        toSelector(headers),
      );
      return {
        runs: started.map(({ runId, workflowId, status }) => ({ runId, workflowId, status })),
      };
    });
  }
}

/** Serves which workflows run for the user, and with which settings. */
export function serveEnrollments(serve: ServeUser, services: Services): void {
  const { connections, enrollments } = services;

  serve(wire.enableWorkflow, async ({ params, headers }, { caller }) =>
    toCredential(await enrollments.enable(toUser(caller), params.workflowId, toSelector(headers))),
  );

  serve(wire.disableWorkflow, async ({ params, headers }, { caller }) =>
    toCredential(await enrollments.disable(toUser(caller), params.workflowId, toSelector(headers))),
  );

  serve(wire.updateCredential, async ({ params, headers, body }, { caller }) => {
    const target = {
      connectionId: params.credentialId,
      configuration: headers["x-paragon-configuration-id"],
    };
    const scope = { projectId: caller.view.project.id, userId: caller.user.id };
    const change = toSettingsChange(body.config, {
      isSdk: headers["x-paragon-sdk-version"] !== undefined,
      current: await connections.find(scope, params.credentialId),
      configuration: target.configuration,
    });
    return toCredential(await enrollments.changeSettings(toUser(caller), target, change));
  });
}

/** Serves the further configurations of a connection. */
export function serveConfigurations(
  serve: ServeUser,
  { enrollments }: Pick<Services, "enrollments">,
): void {
  serve(wire.createConfiguration, async ({ params, body: { externalId } }, { caller }) =>
    toCredential(
      await enrollments.createConfiguration(toUser(caller), params.credentialId, { externalId }),
    ),
  );

  serve(wire.updateConfiguration, async ({ params, headers, body }, { caller }) =>
    toCredential(
      await enrollments.updateConfiguration(
        toUser(caller),
        {
          connectionId: params.credentialId,
          configuration: headers["x-paragon-configuration-id"],
        },
        body.meta,
      ),
    ),
  );

  serve(wire.deleteConfiguration, async ({ params, headers }, { caller }) =>
    toCredential(
      await enrollments.removeConfiguration(toUser(caller), {
        connectionId: params.credentialId,
        configuration: headers["x-paragon-configuration-id"],
      }),
    ),
  );
}

/** Which configuration a request's headers pick. */
export function toSelector(headers: {
  "x-paragon-credential"?: string | undefined;
  "x-paragon-configuration-id"?: string | undefined;
}) {
  return {
    connection: headers["x-paragon-credential"],
    configuration: headers["x-paragon-configuration-id"],
  };
}

/** The caller as the lifecycle knows users. */
export function toUser({ user }: Caller) {
  const { id, projectId, externalId, meta } = user;
  return { id, projectId, externalId, meta };
}
