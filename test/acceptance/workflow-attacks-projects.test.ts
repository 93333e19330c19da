import { signWebhookPayload } from "@notionhq/client";
import * as contract from "@tenon/contract";
import type { Endpoint } from "@tenon/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createApiKeyText, storeApiKey } from "../../apps/server/src/identity/api-keys.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";
import { createWorkflowRig, echoWorkflow, type WorkflowRig } from "../workflows.ts";

/** All endpoints around workflows: one that is added to the contract is tried here by itself. */
const endpoints: readonly Endpoint[] = [
  ...contract.workflows.workflowEndpoints,
  ...contract.starts.startEndpoints,
  ...contract.runs.runEndpoints,
  ...contract.appData.appDataEndpoints,
  ...contract.connectedUsers.connectedUserEndpoints,
  ...contract.taskHistory.taskHistoryEndpoints,
  ...contract.catalogue.catalogueEndpoints,
  ...contract.webhooks.webhookEndpoints,
  ...contract.subscriptions.subscriptionEndpoints,
  ...contract.wireTriggers.wireTriggerEndpoints,
  ...contract.wireWorkflows.wireWorkflowEndpoints,
  ...contract.wireTools.toolEndpoints,
];

let tenon: TestTenon;
let rig: WorkflowRig;
let stranger: Awaited<ReturnType<TestTenon["createProject"]>>;
let strangerKey: string;
/** What the path parameters of the first project's things are. */
let ids: Record<string, string>;

beforeAll(async () => {
  tenon = await startTestTenon();
  rig = createWorkflowRig(tenon);
  stranger = await tenon.createProject("Stranger");
  strangerKey = createApiKeyText();
  await storeApiKey(tenon.tenon.services.apiKeys, strangerKey, {
    projectId: stranger.projectId,
    title: "Stranger",
  });
  await rig.connect("owner");
  const event = await tenon.manage("POST", `${rig.base}/app-events`, { name: "Mine" });
  const secret = await tenon.manage("POST", `${rig.base}/secrets`, {
    name: "MINE",
    value: "mine!",
  });
  const workflowId = await rig.deploy("Mine", echoWorkflow);
  await rig.enable(workflowId, "owner");
  // Its answer is the Response step's, so that the run is there.
  await tenon.call(`/projects/${tenon.projectId}/sdk/triggers/${workflowId}`, {
    token: await tenon.signToken("owner"),
    method: "POST",
  });
  const { runs } = await tenon.manage("GET", `${rig.base}/runs`);
  const runId = runs[0].id;
  const { versions } = await tenon.manage("GET", `${rig.base}/workflows/${workflowId}/versions`);
  const user = await tenon.manage("GET", `${rig.base}/users/owner`);
  const webhookEventId = await receiveEvent();
  const { subscriptionId, deliveryId } = await subscribe();
  ids = {
    projectId: tenon.projectId,
    workflowId,
    versionId: versions[0].id,
    runId,
    executionId: runId,
    stepExecutionId: "answer",
    stepId: "answer",
    eventId: event.id,
    webhookEventId,
    subscriptionId,
    deliveryId,
    secretId: secret.id,
    userId: "owner",
    connectionId: user.connections[0].id,
    credentialId: user.connections[0].id,
    configurationId: runs[0].configurationId,
    type: "notion",
  };
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

/** A provider's event at the first project's webhook, and a handshake that waits there. */
async function receiveEvent(): Promise<string> {
  const path = `/webhooks/${tenon.integrationId}`;
  const send = (sent: object, headers = {}) =>
    tenon.call(path, { method: "POST", body: JSON.stringify(sent), headers });
  const token = "secret_Mine";
  await send({ verification_token: token });
  await tenon.manage("POST", `${rig.base}/integrations/notion/webhook/activate`, { token });
  const event = {
    id: "Mine-1",
    type: "page.created",
    timestamp: new Date().toISOString(),
    workspace_id: "Mine",
    authors: [],
    entity: { id: "Mine", type: "page" },
  };
  const signature = await signWebhookPayload({
    body: JSON.stringify(event),
    verificationToken: token,
  });
  const { status } = await send(event, { "x-notion-signature": signature });
  expect(status).toBe(200);
  await send({ verification_token: "secret_waiting-Mine" });
  const { events } = await tenon.manage("GET", `${rig.base}/webhook-events`);
  return events[0].id;
}

/** A subscription of the first project's user, with a delivery that is over. */
async function subscribe() {
  const path = `${rig.base}/subscriptions`;
  const { id: subscriptionId } = await tenon.manage("POST", path, {
    userId: "owner",
    integration: "notion",
    trigger: "page-created",
    url: "http://127.0.0.1:1/Mine",
    metadata: { of: "Mine" },
  });
  const { id: deliveryId } = await tenon.manage("POST", `${path}/${subscriptionId}/test`);
  const deliveryPath = `${path}/${subscriptionId}/deliveries/${deliveryId}`;
  await vi.waitFor(async () => {
    expect((await tenon.manage("GET", deliveryPath)).attempts).toHaveLength(1);
  });
  // Nothing more is sent while the others try.
  await tenon.manage("PATCH", `${path}/${subscriptionId}`, { status: "disabled" });
  return { subscriptionId, deliveryId };
}

/** Bodies for endpoints that do not take an empty one, with the first project's ids in them. */
function bodyOf(endpoint: Endpoint): unknown {
  const account = { connectionId: ids["credentialId"] };
  const bodies: Record<string, unknown> = {
    updateWorkflow: { title: "Taken" },
    putDraft: { revision: 1, definition: echoWorkflow },
    reorderWorkflows: { workflowIds: [ids["workflowId"]] },
    saveVersion: { name: "Taken" },
    testWorkflow: { account },
    testStep: { account },
    sendUserEvent: { name: "Mine", connection: ids["credentialId"] },
    updateAppEvent: { name: "Taken" },
    replaceSecret: { value: "taken" },
    putEnrollment: { enabled: true },
    updateConnectedUser: { meta: { taken: true } },
    updateUserConnection: { integrationSettings: { taken: true } },
    listChoices: { userId: "owner", picker: "pages" },
    readShape: { userId: "owner", shape: "data-source-item" },
    updateCredential: { config: { sharedSettings: {} } },
    updateConfiguration: { meta: { taken: true } },
    createConfiguration: { externalId: "taken" },
    triggerEvent: { name: "Mine" },
    createSubscription: {
      userId: "owner",
      integration: "notion",
      connection: ids["connectionId"],
      trigger: "page-created",
      url: "https://taken.example/",
    },
    updateSubscription: { url: "https://taken.example/", status: "active" },
    replayFailedDeliveries: { from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" },
    createTriggerSubscription: {
      type: "NOTION_PAGE_CREATED",
      webhookOverride: { url: "https://taken.example/" },
    },
    updateTriggerSubscription: { webhookOverride: { url: "https://taken.example/" } },
    activateWebhook: { token: "secret_waiting-Mine" },
    triggerEventDocumented: { name: "Mine" },
  };
  if (endpoint.body === undefined) return undefined;
  return bodies[endpoint.id] ?? {};
}

const queries: Record<string, string> = { getStepPayload: "?kind=output" };

const namesOf = ({ path }: Endpoint) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

/** The endpoint's path, in a project, with the ids of the first one's things. */
function pathOf(endpoint: Endpoint, projectId: string): string {
  const all: Record<string, string> = { ...ids, projectId };
  return endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = all[name];
    if (id === undefined)
      throw new Error(`${endpoint.id}: what is a ${name} of the first project?`);
    return id;
  });
}

async function call(endpoint: Endpoint, projectId: string, token: string) {
  const body = bodyOf(endpoint);
  const isOfConfiguration = endpoint.id.endsWith("Configuration");
  return tenon.call(pathOf(endpoint, projectId) + (queries[endpoint.id] ?? ""), {
    method: endpoint.method,
    token,
    ...(isOfConfiguration && {
      headers: { "x-paragon-configuration-id": ids["configurationId"] ?? "" },
    }),
    ...(body !== undefined && { body }),
  });
}

/** All that belongs to the first project, to see that nothing of it has changed. */
async function snapshot(): Promise<unknown> {
  const lists = [
    "workflows",
    "app-events",
    "secrets",
    "users/owner",
    "users/owner/workflows",
    "integrations/notion/webhook",
    "webhook-events",
    "subscriptions",
    `subscriptions/${ids["subscriptionId"]}/secret`,
    `subscriptions/${ids["subscriptionId"]}/deliveries`,
  ];
  const read = lists.map((path) => tenon.manage("GET", `${rig.base}/${path}`));
  const { runs } = await tenon.manage("GET", `${rig.base}/runs?tests=true`);
  const draft = await tenon.manage("GET", `${rig.base}/workflows/${ids["workflowId"]}/draft`);
  return [...(await Promise.all(read)), runs.length, draft.revision];
}

const inProjects = endpoints.filter(({ path }) => path.includes("{projectId}"));
const byApiKey = inProjects.filter(({ auth }) => auth === "apiKey");
const byUser = inProjects.filter(({ auth }) => auth === "userToken");
/** With more than the project in its path, which the type of an integration is not. */
const naming = (endpoint: Endpoint) =>
  namesOf(endpoint).some((name) => !["projectId", "type"].includes(name));

describe("with an API key of another project", () => {
  it("nothing of this project is served", async () => {
    const before = await snapshot();
    for (const endpoint of byApiKey) {
      const { status, body, text } = await call(endpoint, tenon.projectId, strangerKey);
      expect([endpoint.id, status, body.code]).toEqual([endpoint.id, 404, "project_not_found"]);
      expect(text).not.toContain("Mine");
    }
    expect(await snapshot()).toEqual(before);
  });

  it("this project's things are unknown in its own project", async () => {
    const before = await snapshot();
    const tried = byApiKey.filter(naming);
    expect(tried.length).toBeGreaterThan(30);
    for (const endpoint of tried) {
      for (const key of [strangerKey, tenon.instanceKey]) {
        const { status, body, text } = await call(endpoint, stranger.projectId, key);
        expect([endpoint.id, status, body?.code]).toEqual([
          endpoint.id,
          404,
          expect.stringMatching(/_not_found$/),
        ]);
        expect(text).not.toContain("Mine");
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  it("this project's things in bodies and queries are unknown, too", async () => {
    const before = await snapshot();
    const base = `/api/projects/${stranger.projectId}`;
    const asks: [method: string, path: string, body?: unknown][] = [
      ["GET", `${base}/runs?workflowId=${ids["workflowId"]}`],
      ["GET", `${base}/runs?userId=owner`],
      ["GET", `${base}/webhook-events?connection=${ids["connectionId"]}`],
      ["GET", `${base}/webhook-events?integration=notion`],
      ["GET", `${base}/subscriptions?userId=owner`],
      ["GET", `${base}/subscriptions?integration=notion`],
      ["PUT", `${base}/integrations/notion/workflow-order`, { workflowIds: [ids["workflowId"]] }],
      ["POST", `${base}/integrations/notion/choices`, { userId: "owner", picker: "pages" }],
      [
        "GET",
        `/projects/${stranger.projectId}/task-history/workflow-executions?workflowId=${ids["workflowId"]}&userId=owner`,
      ],
      [
        "POST",
        `/api/projects/${tenon.projectId}/workflows/${ids["workflowId"]}/copy`,
        {
          projectId: stranger.projectId,
        },
      ],
    ];
    for (const [method, path, body] of asks) {
      const answer = await tenon.call(path, {
        method,
        token: strangerKey,
        ...(body !== undefined && { body }),
      });
      expect(answer.text).not.toContain(ids["runId"]);
      expect(answer.text).not.toContain("Mine");
      const { runs, workflows, workflowExecutions, events, subscriptions } = answer.body;
      const listed = runs ?? workflows ?? workflowExecutions ?? events ?? subscriptions;
      const isEmpty = JSON.stringify(listed) === "[]";
      expect([path, isEmpty || answer.body.code]).toEqual([
        path,
        isEmpty || expect.stringMatching(/_not_found$/),
      ]);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("a workflow of its own is neither tested nor started with this project's account", async () => {
    const base = `/api/projects/${stranger.projectId}`;
    const own = await tenon.call(`${base}/workflows`, {
      method: "POST",
      token: strangerKey,
      body: { integration: "notion", title: "Own", definition: echoWorkflow },
    });
    const before = await snapshot();
    const path = `${base}/workflows/${own.body.id}`;
    for (const account of [{ connectionId: ids["credentialId"] }, { userId: "owner" }]) {
      for (const test of ["test", "steps/answer/test"]) {
        const answer = await tenon.call(`${path}/${test}`, {
          method: "POST",
          token: strangerKey,
          body: { account },
        });
        expect([answer.status, answer.body.code]).toEqual([
          404,
          expect.stringMatching(/connection_not_found|user_not_found/),
        ]);
      }
    }
    const outputs = await tenon.call(`${path}/steps/answer/test`, {
      method: "POST",
      token: strangerKey,
      body: { account: { userId: "owner" }, fromRunId: ids["runId"] },
    });
    expect(outputs.status).toBe(404);
    expect(await snapshot()).toEqual(before);
  });
});

describe("with a user token of another project", () => {
  it("nothing of this project is served", async () => {
    const token = await stranger.signToken("owner");
    const before = await snapshot();
    for (const endpoint of byUser) {
      const { status } = await call(endpoint, tenon.projectId, token);
      expect([endpoint.id, status]).toEqual([endpoint.id, 401]);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("this project's things are unknown in its own project", async () => {
    const token = await stranger.signToken("owner");
    const before = await snapshot();
    for (const endpoint of byUser.filter(naming)) {
      const { status, body } = await call(endpoint, stranger.projectId, token);
      expect([endpoint.id, status, body?.code]).toEqual([
        endpoint.id,
        404,
        expect.stringMatching(/_not_found$/),
      ]);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("an API key is no user token and a user token no API key", async () => {
    const token = await tenon.signToken("owner");
    for (const endpoint of byApiKey) {
      const { status } = await call(endpoint, tenon.projectId, token);
      expect([endpoint.id, status]).toEqual([endpoint.id, 401]);
    }
    for (const endpoint of byUser) {
      const { status } = await call(endpoint, tenon.projectId, tenon.instanceKey);
      expect([endpoint.id, status]).toEqual([endpoint.id, 401]);
    }
  });
});

describe("another user of the same project", () => {
  it("neither sees nor changes this user's accounts and workflows", async () => {
    const token = await tenon.signToken("eve");
    const before = await snapshot();
    for (const endpoint of byUser.filter(naming)) {
      const { status, body } = await call(endpoint, tenon.projectId, token);
      expect([endpoint.id, status, body?.code]).toEqual([
        endpoint.id,
        404,
        expect.stringMatching(/_not_found$/),
      ]);
    }
    for (const endpoint of byUser) {
      const answer = await tenon.call(pathOf(endpoint, tenon.projectId), {
        method: endpoint.method,
        token,
        headers: { "x-paragon-credential": ids["credentialId"] ?? "" },
        ...(endpoint.body && { body: bodyOf(endpoint) }),
      });
      expect([endpoint.id, answer.text.includes(ids["runId"] ?? "")]).toEqual([endpoint.id, false]);
    }
    expect(await snapshot()).toEqual(before);
  });
});
