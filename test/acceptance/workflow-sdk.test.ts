import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startHostPage } from "../host-page.ts";
import type { TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  echoWorkflow,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  tellWorkflow,
  type WorkflowRig,
} from "../workflows.ts";

/** What the SDK can do around workflows; what it answers is for the tests to check. */
interface WorkflowSdk {
  event(name: string, payload: object, options?: object): Promise<void>;
  workflow(id: string, options?: object): Promise<any>;
  enableWorkflow(id: string, options?: object): Promise<void>;
  disableWorkflow(id: string, options?: object): Promise<void>;
  updateWorkflowState(states: Record<string, boolean>): Promise<any>;
  updateIntegrationUserSettings(type: string, settings: object): Promise<any>;
  updateWorkflowUserSettings(type: string, id: string, settings: object): Promise<any>;
  getIntegrationConfig(type: string): any;
  getFieldOptions(options: object): Promise<any>;
  getDataSourceOptions(type: string, key: string): Promise<any>;
  getTriggers(type: string): Promise<any>;
  createConfiguration(options: object): Promise<any>;
  updateConfiguration(options: object): Promise<any>;
  destroyConfiguration(options: object): Promise<any>;
  getUser(): any;
}

let tenon: TestTenon;
let receiver: Receiver;
let rig: WorkflowRig;
let host: Awaited<ReturnType<typeof startHostPage>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let userId: string;
let users = 0;
let told: string;
let echo: string;
let hidden: string;
let forPro: string;

beforeAll(async () => {
  [tenon, receiver, host, browser] = await Promise.all([
    startDescribedTenon(),
    startReceiver(),
    startHostPage(),
    launchBrowser(),
  ]);
  rig = createWorkflowRig(tenon);
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "Told" });
  await tenon.manage("PUT", `${rig.base}/integrations/notion/user-settings`, {
    inputs: [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS" }],
  });
  told = await rig.deploy("Tell", tellWorkflow("Told", receiver), {
    infoText: "Tells what happened",
    userSettings: [{ id: "tone", title: "Tone", type: "TEXT_NO_VARS" }],
  });
  echo = await rig.deploy("Echo", echoWorkflow);
  hidden = await rig.deploy("Hidden", tellWorkflow("Told", receiver), { hidden: true });
  forPro = await rig.deploy("For pro", tellWorkflow("Told", receiver), {
    permissions: {
      operator: "$stringExactlyMatches",
      variable: "{{user.meta.plan}}",
      argument: "pro",
    },
  });
});

afterAll(async () => {
  await browser?.close();
  await host?.[Symbol.asyncDispose]();
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  userId = `user-${++users}`;
  await rig.connect(userId);
  context = await browser.newContext();
  page = await context.newPage();
  await authenticate();
});

afterEach(async () => {
  await context.close();
});

/** Opens the customer's page anew and signs the user in. */
async function authenticate(): Promise<void> {
  await page.goto(host.url);
  await page.evaluate(
    async ([url, projectId, token]) => {
      const keys = ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
      const environments = Object.fromEntries(keys.map((key) => [`${key}_PUBLIC_URL`, url]));
      window.paragon = new window.ConnectSDK(environments);
      await window.paragon.authenticate(projectId, token);
    },
    [tenon.url, tenon.projectId, await tenon.signToken(userId)] as const,
  );
}

/** Does something with the SDK in the page. */
function inPage<T, A>(act: (sdk: WorkflowSdk, given: A) => T | Promise<T>, given?: A): Promise<T> {
  return page.evaluate<T>(`(${act.toString()})(window.paragon, ${JSON.stringify(given ?? null)})`);
}

/** How the server has it, whatever the page thinks. */
async function stateOf(workflowId: string) {
  const { enrollments } = await tenon.manage("GET", `${rig.base}/users/${userId}/workflows`);
  return enrollments.find((one: any) => one.workflowId === workflowId);
}

describe("workflows of the unmodified @useparagon/connect", () => {
  it("are described: in order, with inputs, hidden and not permitted ones apart", async () => {
    const config = await inPage((sdk) => sdk.getIntegrationConfig("notion"));
    expect(config.availableUserSettings).toMatchObject([{ id: "folder", title: "Folder" }]);
    const available = config.availableWorkflows.map((one: any) => one.id);
    expect(available).toEqual([told, echo]);
    expect(config.availableWorkflows[0]).toMatchObject({
      description: "Tell",
      infoText: "Tells what happened",
      inputs: [{ id: "tone", type: "TEXT_NO_VARS" }],
    });
    const others = config.hiddenWorkflows.map((one: any) => one.id);
    expect(others.toSorted()).toEqual([hidden, forPro].toSorted());
  });

  it("are permitted by what the page says of its user", async () => {
    await page.evaluate(() => window.paragon.setUserMetadata({ plan: "pro" }));
    const config = await inPage((sdk) => sdk.getIntegrationConfig("notion"));
    expect(config.availableWorkflows.map((one: any) => one.id)).toContain(forPro);
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), forPro);
    expect((await stateOf(forPro)).enabled).toBe(true);
    await page.evaluate(() => window.paragon.setUserMetadata({ plan: "free" }));
    await expect.poll(async () => (await stateOf(forPro)).enabled).toBe(false);
  });

  it("are enabled and disabled, which the server and the page both know", async () => {
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), told);
    expect((await stateOf(told)).enabled).toBe(true);
    await authenticate();
    const user = await inPage((sdk) => sdk.getUser());
    expect(user.integrations.notion.workflowSettings[told].enabled).toBe(true);
    await inPage((sdk, id) => sdk.disableWorkflow(id ?? ""), told);
    expect((await stateOf(told)).enabled).toBe(false);
  });

  it("are enabled several at once, and what cannot be is told", async () => {
    const { errors } = await inPage(
      (sdk, ids) => sdk.updateWorkflowState({ [ids?.[0] ?? ""]: true, [ids?.[1] ?? ""]: true }),
      [told, forPro],
    );
    expect((await stateOf(told)).enabled).toBe(true);
    expect(errors).toMatchObject([
      { workflowId: forPro, message: expect.stringMatching(/not_permitted/) },
    ]);
    expect(await inPage((sdk) => sdk.getUser().authenticated)).toBe(true);
  });

  it("are enabled by the page where they are hidden, which only means not shown", async () => {
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), hidden);
    expect((await stateOf(hidden)).enabled).toBe(true);
    await authenticate();
    const user = await inPage((sdk) => sdk.getUser());
    expect(user.integrations.notion.workflowSettings[hidden].enabled).toBe(true);
  });

  it("start with an event of the page", async () => {
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), told);
    const before = receiver.got.length;
    await inPage((sdk) => sdk.event("Told", { title: "From the page" }));
    await expect.poll(() => receiver.got.length).toBe(before + 1);
    expect(JSON.parse(receiver.got.at(-1)?.body ?? "")).toEqual({
      title: "From the page",
      user: userId,
    });
  });

  it("fail an unknown event with our own error, and keep the user signed in", async () => {
    const message = await inPage((sdk) =>
      sdk.event("Nobody's", {}).catch((error: Error) => error.message),
    );
    expect(JSON.parse(String(message))).toMatchObject({ code: "event_not_found", status: 404 });
    expect(await inPage((sdk) => sdk.getUser().authenticated)).toBe(true);
  });

  it("answer a call of the page with their Response step", async () => {
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), echo);
    const answer = await inPage(
      (sdk, id) =>
        sdk.workflow(id ?? "", {
          body: { a: 1 },
          query: { q: "x" },
          headers: { "x-custom": "hi" },
        }),
      echo,
    );
    expect(answer).toMatchObject({ body: { a: 1 }, params: { q: "x" }, header: "hi" });
  });

  it("keep settings of the integration and of a workflow, without switching it", async () => {
    await inPage((sdk, id) => sdk.enableWorkflow(id ?? ""), told);
    await inPage((sdk) => sdk.updateIntegrationUserSettings("notion", { folder: "Inbox" }));
    // Meanwhile the workflow is disabled elsewhere: the page's settings must not enable it again.
    await tenon.manage("PUT", `${rig.base}/users/${userId}/workflows/${told}`, { enabled: false });
    await inPage(
      (sdk, id) => sdk.updateWorkflowUserSettings("notion", id ?? "", { tone: "calm" }),
      told,
    );
    expect(await stateOf(told)).toMatchObject({ enabled: false, settings: { tone: "calm" } });
    await authenticate();
    const { notion } = (await inPage((sdk) => sdk.getUser())).integrations;
    expect(notion.sharedSettings).toEqual({ folder: "Inbox" });
    expect(notion.workflowSettings[told].settings).toEqual({ tone: "calm" });
  });

  it("run for a further configuration of the same account", async () => {
    const made = await inPage(async (sdk) => {
      const { credentialId } = sdk.getUser().integrations.notion;
      return sdk.createConfiguration({ credentialId, externalId: "team-b" });
    });
    expect(made).toMatchObject({ externalId: "team-b", isDefault: false });
    const { id, connectCredentialId: credentialId } = made;
    const updated = await inPage(
      (sdk, choice) => sdk.updateConfiguration({ ...choice, meta: { colour: "blue" } }),
      { id, credentialId },
    );
    expect(updated.configMeta).toMatchObject({ colour: "blue" });
    await inPage((sdk, given) => sdk.enableWorkflow(given?.workflow ?? "", given?.choice), {
      workflow: told,
      choice: { selectedCredentialId: credentialId, selectedConfigurationId: id },
    });
    const before = receiver.got.length;
    await inPage((sdk) => sdk.event("Told", { title: "For team B" }));
    await expect.poll(() => receiver.got.length).toBe(before + 1);
    await inPage((sdk, choice) => sdk.destroyConfiguration(choice ?? {}), { id, credentialId });
    const user = await inPage((sdk) => sdk.getUser());
    expect(user.integrations.notion.allConfigurations).toHaveLength(1);
  });

  it("offer choices from the account, searched", async () => {
    const options = await inPage((sdk) =>
      sdk
        .getDataSourceOptions("notion", "pages")
        .then((source) => sdk.getFieldOptions({ integration: "notion", source })),
    );
    expect(options.data[0]).toMatchObject({ label: expect.any(String), value: expect.any(String) });
    const { label } = options.data[0];
    const found = await inPage(
      (sdk, search) => sdk.getFieldOptions({ integration: "notion", action: "pages", search }),
      label,
    );
    expect(found.data.map((one: any) => one.label)).toContain(label);
  });

  it("tell which triggers the integration has", async () => {
    const { triggers } = await inPage((sdk) => sdk.getTriggers("notion"));
    expect(triggers.notion.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(["NOTION_PAGE_CREATED", "NOTION_PAGE_UPDATED"]),
    );
  });

  it("that are enabled by default run for an account that is connected anew", async () => {
    const id = await rig.deploy("By default", tellWorkflow("Told", receiver), {
      defaultEnabled: true,
    });
    userId = `user-${++users}`;
    await rig.connect(userId);
    await authenticate();
    const user = await inPage((sdk) => sdk.getUser());
    expect(user.integrations.notion.workflowSettings[id].enabled).toBe(true);
    await tenon.manage("PATCH", `${rig.base}/workflows/${id}`, { defaultEnabled: false });
  });
});
