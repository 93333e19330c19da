import {
  appData,
  catalogue,
  connectedUsers,
  management,
  runs,
  starts,
  subscriptions,
  taskHistory,
  toOpenApi,
  webhooks,
  wire,
  wireTools,
  wireTriggers,
  wireWorkflows,
  workflowSchemas,
  workflows,
} from "@tenon/contract";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

const endpoints = [
  ...management.managementEndpoints,
  ...catalogue.catalogueEndpoints,
  ...workflows.workflowEndpoints,
  ...starts.startEndpoints,
  ...runs.runEndpoints,
  ...appData.appDataEndpoints,
  ...connectedUsers.connectedUserEndpoints,
  ...taskHistory.taskHistoryEndpoints,
  ...webhooks.webhookEndpoints,
  ...subscriptions.subscriptionEndpoints,
  ...wire.wireEndpoints,
  ...wireWorkflows.wireWorkflowEndpoints,
  ...wireTools.toolEndpoints,
  ...wireTriggers.wireTriggerEndpoints,
];

interface Services {
  metrics: Metrics;
  /** Resolves where the database answers. */
  checkDatabase(): Promise<void>;
  url: string;
  version: string;
}

/** Serves health, readiness, metrics and the API's description. */
export function serveOperations(app: FastifyInstance, services: Services): void {
  const { metrics, checkDatabase, url, version } = services;
  const description = JSON.stringify(
    toOpenApi(endpoints, { version, url }, [workflowSchemas.WorkflowDefinition]),
  );

  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics.observe(route, reply.statusCode, reply.elapsedTime / 1000);
  });
  app.get("/healthz", async () => ({ status: "ok", version }));
  app.get("/readyz", async () => {
    await checkDatabase();
    return { status: "ready" };
  });
  app.get("/metrics", async (_request, reply) =>
    reply
      .header("content-type", metrics.registry.contentType)
      .send(await metrics.registry.metrics()),
  );
  app.get("/openapi.json", async (_request, reply) =>
    reply.header("content-type", "application/json").send(description),
  );
}
