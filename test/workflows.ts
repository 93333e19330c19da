import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as contract from "@tenon/contract";
import type { Endpoint } from "@tenon/contract";
import type { DefinitionInput } from "@tenon/workflow";
import { expect } from "vitest";
import { connectAccount } from "./connect-account.ts";
import { startTestTenon, type TestTenon } from "./test-tenon.ts";

/** Where workflows of tests send their requests: it keeps what it got and answers as it is told. */
export async function startReceiver() {
  const got: { method: string; path: string; headers: Record<string, unknown>; body: string }[] =
    [];
  let answer = { status: 200, body: { ok: true } as unknown, delayMs: 0 };
  const server = createServer((request, response) => {
    // A sender that is killed sends half of it, which counts for nothing.
    const whole = text(request).catch(() => undefined);
    void whole.then((body) => {
      if (body === undefined) return;
      const { method = "", url = "", headers } = request;
      got.push({ method, path: url, headers, body });
      const { status, body: reply, delayMs } = answer;
      setTimeout(() => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(reply));
      }, delayMs);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    /** From now on. */
    answerWith(next: Partial<typeof answer>) {
      answer = { status: 200, body: { ok: true }, delayMs: 0, ...next };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const endpoints: readonly Endpoint[] = [
  ...contract.management.managementEndpoints,
  ...contract.catalogue.catalogueEndpoints,
  ...contract.workflows.workflowEndpoints,
  ...contract.starts.startEndpoints,
  ...contract.runs.runEndpoints,
  ...contract.appData.appDataEndpoints,
  ...contract.connectedUsers.connectedUserEndpoints,
  ...contract.taskHistory.taskHistoryEndpoints,
  ...contract.webhooks.webhookEndpoints,
  ...contract.subscriptions.subscriptionEndpoints,
  ...contract.wireTriggers.wireTriggerEndpoints,
  ...contract.wire.wireEndpoints,
  ...contract.wireWorkflows.wireWorkflowEndpoints,
  ...contract.wireTools.toolEndpoints,
];

/** The same Tenon, held to its contract: an answer that is not as described fails the test. */
export async function startDescribedTenon(
  options: Parameters<typeof startTestTenon>[0] = {},
): Promise<TestTenon> {
  const tenon = await startTestTenon(options);
  return {
    ...tenon,
    async manage(method, path, body) {
      const answer = await tenon.manage(method, path, body);
      check(method, path, answer);
      return answer;
    },
    async call(path, request) {
      const answer = await tenon.call(path, request);
      if (answer.status < 300) check(request.method ?? "GET", path, answer.body);
      else if (answer.body) contract.ErrorBody.parse(answer.body);
      return answer;
    },
  };
}

function check(method: string, path: string, body: unknown): void {
  const [bare = ""] = path.split("?");
  const endpoint = endpoints.find(
    (one) =>
      one.method === method &&
      new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(bare),
  );
  endpoint?.response?.parse(body);
}

/** The management API of one project's workflows, as tests use it. */
export function createWorkflowRig(tenon: TestTenon, projectId = tenon.projectId) {
  const base = `/api/projects/${projectId}`;
  const { manage } = tenon;

  async function create(title: string, definition?: DefinitionInput, change?: object) {
    const workflow = await manage("POST", `${base}/workflows`, {
      integration: "notion",
      title,
      definition,
    });
    if (change) await manage("PATCH", `${base}/workflows/${workflow.id}`, change);
    return workflow.id as string;
  }

  async function getRun(runId: string) {
    return manage("GET", `${base}/runs/${runId}`);
  }

  return {
    base,
    create,
    getRun,

    /** A live workflow. */
    async deploy(title: string, definition: DefinitionInput, change?: object) {
      const id = await create(title, definition, change);
      await manage("POST", `${base}/workflows/${id}/deploy`);
      return id;
    },

    /** As the user: the workflow runs for them from now on. */
    async enable(workflowId: string, userId: string) {
      await manage("PUT", `${base}/users/${userId}/workflows/${workflowId}`, { enabled: true });
    },

    /** The run when it is over. */
    async waitForEnd(runId: string) {
      await expect
        .poll(async () => (await getRun(runId)).status, { timeout: 25_000 })
        .toMatch(/succeeded|failed|cancelled/);
      return getRun(runId);
    },

    /** A connected user with one account. */
    async connect(userId: string) {
      const { status } = await connectAccount(tenon, { userId });
      expect(status).toBe(200);
    },
  };
}

export type WorkflowRig = ReturnType<typeof createWorkflowRig>;

/** Starts with an app event and tells the receiver what came with it. */
export function tellWorkflow(event: string, receiver: Receiver): DefinitionInput {
  return {
    trigger: { id: "start", type: "event", event, next: "tell" },
    steps: [
      {
        id: "tell",
        type: "request",
        method: "POST",
        url: `${receiver.url}/told`,
        bodyType: "json",
        body: { title: "{{start.title}}", user: "{{user.id}}" },
      },
    ],
  };
}

/** Starts by request and answers with what it was asked. */
export const echoWorkflow: DefinitionInput = {
  trigger: { id: "call", type: "request", next: "answer" },
  steps: [
    {
      id: "answer",
      type: "response",
      status: 201,
      headers: [{ name: "x-echo", value: "yes" }],
      body: {
        body: "{{call.request.body}}",
        params: "{{call.request.params}}",
        header: '{{call.request.headers["x-custom"]}}',
        file: "{{call.request.file.name}}",
      },
    },
  ],
};
