import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Definition, defaultRetry } from "../definition.ts";
import { findProblems } from "../problems.ts";
import { planWorkflow } from "../plan.ts";
import { context, treeDefinition } from "../testing/definitions.ts";
import type { ParagonMapping } from "./compiled-form.ts";
import { exportParagon } from "./export-paragon.ts";
import { importParagon, ParagonFormatError } from "./import-paragon.ts";

const mapping: ParagonMapping = {
  toAction: (intent) =>
    intent === "NOTION_CREATE_PAGE" ? { integration: "notion", action: "create-page" } : undefined,
  toIntent: (integration, action) =>
    integration === "notion" && action === "create-page" ? "NOTION_CREATE_PAGE" : undefined,
  toTrigger: (intent) => (intent === "NOTION_TRIGGER_PAGE_UPDATED" ? "page-changed" : undefined),
  toTriggerIntent: (trigger) =>
    trigger === "page-changed" ? "NOTION_TRIGGER_PAGE_UPDATED" : undefined,
  toSecretName: (id) => (id === "5ec1" ? "API_KEY" : undefined),
  toSecretId: (name) => (name === "API_KEY" ? "5ec1" : undefined),
};

const value = (of: unknown) => ({ type: "VALUE", value: of, dataType: "ANY" });
const variable = (stepId: string, ...path: string[]) => ({
  type: "VARIABLE",
  stepId,
  path,
  dataType: "ANY",
});
const tokens = (...parts: object[]) => ({ type: "TOKENIZED", dataType: "STRING", parts });
const operator = (name: string, left: object, right?: object) => ({
  type: "OPERATOR",
  condition: { operator: name, variable: left, argument: right },
});
const join = (by: "AND" | "OR", ...conditions: object[]) => ({
  type: "JOIN",
  join: by,
  conditions,
});

/** In the shape of `build.json`: a changed page is fetched, and its items are sent on. */
const compiled = {
  id: "0b3d",
  name: "Send shopping lists",
  isDraft: false,
  steps: [
    {
      id: "fd0a8f0c-0a35-4bf5-9d6b-2f6f70ab3f10",
      type: "TRIGGER/ACTION",
      parameters: {
        intent: "NOTION_TRIGGER_PAGE_UPDATED",
        actionType: "notion",
        credentials: [],
        actionParameters: [{ key: "page", source: value("shop") }],
      },
      next: "get",
      _migrations: { name: "triggerStep" },
      description: "description",
    },
    {
      id: "get",
      type: "ACTION/CUSTOM_INTEGRATION_REQUEST",
      parameters: {
        actionType: "notion",
        httpMethod: "GET",
        retryOnFailure: true,
        ignoreFailure: false,
        url: tokens(
          value("/blocks/"),
          variable("fd0a8f0c-0a35-4bf5-9d6b-2f6f70ab3f10", "result", "id"),
        ),
        params: [
          { key: "", source: value("") },
          { key: "page_size", source: tokens(value("100")) },
        ],
        headers: [],
        body: [],
      },
      next: "pick",
      _migrations: { name: "getStep" },
      description: "Get the list",
    },
    {
      id: "pick",
      type: "ACTION/FUNCTION",
      parameters: {
        parameters: [
          { key: "items", source: variable("get", "response", "body", "results") },
          { key: "first name", source: variable("get", "response", "last name", "0") },
        ],
        code: "function yourFunction(parameters, libraries) { return parameters.items; }",
        retryOnFailure: false,
      },
      next: "any",
      _migrations: { name: "pickStep" },
      description: "Pick",
    },
    {
      id: "any",
      type: "TRANSITION/IFELSE",
      parameters: {
        choices: [
          {
            conditionWrapper: join(
              "OR",
              join("AND", operator("$exists", variable("pick", "result"))),
              join(
                "AND",
                operator("$stringIsIn", variable("pick", "kind"), value("a,b")),
                operator("$numberGreaterThan", variable("pick", "count"), value(3)),
              ),
            ),
            isDefault: false,
            label: "Yes",
            next: "all",
          },
          { isDefault: true, label: "No" },
        ],
      },
      next: null,
      _migrations: { name: "ifStep" },
      description: "Is there any?",
    },
    {
      id: "all",
      type: "TRANSITION/MAP",
      parameters: { iterator: variable("pick", "result"), nextToIterate: "send" },
      next: null,
      _migrations: { name: "mapStep" },
      description: "For each",
    },
    {
      id: "send",
      type: "ACTION/REQUEST",
      parameters: {
        bodyType: "json",
        httpMethod: "POST",
        ignoreFailure: true,
        retryOnFailure: false,
        url: tokens(value("https://example.com/{{items}}")),
        params: [],
        headers: [{ key: "x-user", source: { type: "PERSONA_METADATA", path: ["team", "id"] } }],
        body: [
          { key: "item", source: tokens(variable("all", "instance", "text")) },
          {
            key: "user",
            source: { type: "CONNECT_CREDENTIAL_FIELD", fieldType: "EXTERNAL_USER_ID" },
          },
          {
            key: "list",
            source: {
              type: "CONNECT_CREDENTIAL_FIELD",
              fieldType: "WORKFLOW_SETTING",
              inputId: "list",
              path: ["name"],
            },
          },
          { key: "secret", source: { type: "ENVIRONMENT_SECRET", environmentSecretId: "5ec1" } },
        ],
      },
      next: "note",
      _migrations: { name: "sendStep" },
      description: "Send",
    },
    {
      id: "note",
      type: "ACTION/CUSTOM",
      parameters: {
        intent: "NOTION_CREATE_PAGE",
        actionType: "notion",
        credentials: [],
        actionParameters: [
          {
            key: "parent",
            source: {
              type: "CONNECT_CREDENTIAL_FIELD",
              fieldType: "SHARED_WORKFLOW_SETTING",
              inputId: "database",
              path: [],
            },
          },
        ],
        ignoreFailure: false,
        retryOnFailure: false,
      },
      next: null,
      _migrations: { name: "noteStep" },
      description: "Note it",
    },
  ],
};
const triggerId = compiled.steps[0]?.id ?? "";
const noRetry = { delaysMs: [] };

describe("import", () => {
  test("every evidenced type of step, trigger, source and operator comes over", () => {
    const { definition, name, notes } = importParagon(compiled, mapping);
    expect(notes).toEqual([]);
    expect(name).toBe("Send shopping lists");
    expect(definition).toEqual(
      Definition.parse({
        trigger: {
          id: triggerId,
          title: "triggerStep",
          type: "integration",
          trigger: "page-changed",
          input: { page: "shop" },
          next: "get",
        },
        steps: [
          {
            id: "get",
            title: "Get the list",
            type: "integrationRequest",
            integration: "notion",
            method: "GET",
            path: `/blocks/{{${triggerId}.result.id}}`,
            query: [{ name: "page_size", value: "100" }],
            retry: defaultRetry,
            next: "pick",
          },
          {
            id: "pick",
            title: "Pick",
            type: "function",
            code: "function yourFunction(parameters, libraries) { return parameters.items; }",
            parameters: {
              items: "{{get.response.body.results}}",
              "first name": '{{get.response["last name"][0]}}',
            },
            retry: noRetry,
            next: "any",
          },
          {
            id: "any",
            title: "Is there any?",
            type: "conditional",
            branches: [
              {
                label: "Yes",
                next: "all",
                condition: {
                  join: "or",
                  conditions: [
                    { operator: "$exists", variable: "{{pick.result}}" },
                    {
                      join: "and",
                      conditions: [
                        { operator: "$stringIsIn", variable: "{{pick.kind}}", argument: "a,b" },
                        { operator: "$numberGreaterThan", variable: "{{pick.count}}", argument: 3 },
                      ],
                    },
                  ],
                },
              },
            ],
          },
          { id: "all", title: "For each", type: "fanOut", items: "{{pick.result}}", each: "send" },
          {
            id: "send",
            title: "Send",
            type: "request",
            method: "POST",
            url: "https://example.com/\\{{items}}",
            headers: [{ name: "x-user", value: "{{user.meta.team.id}}" }],
            bodyType: "json",
            body: {
              item: "{{all.instance.text}}",
              user: "{{user.id}}",
              list: "{{settings.list.name}}",
              secret: "{{secrets.API_KEY}}",
            },
            continueOnFailure: true,
            retry: noRetry,
            next: "note",
          },
          {
            id: "note",
            title: "Note it",
            type: "action",
            integration: "notion",
            action: "create-page",
            input: { parent: "{{integrationSettings.database}}" },
            retry: noRetry,
          },
        ],
      }),
    );
    expect(findProblems(definition, { ...context, secrets: new Set(["API_KEY"]) })).toEqual([]);
  });

  const trigger = { id: "t", type: "TRIGGER/INTEGRATION_ENABLED", parameters: {}, next: "a" };
  const importOne = (step: object) => {
    const { definition, notes } = importParagon(
      { steps: [trigger, { id: "a", ...step }] },
      mapping,
    );
    return { step: definition.steps[0], notes };
  };

  test("what is not understood is noted, and a step of it fails rather than run differently", () => {
    const { step, notes } = importOne({
      type: "ACTION/MAGIC",
      description: "Do magic",
      parameters: { spell: "a\u2028throw 1" },
    });
    expect(notes).toEqual([expect.stringContaining('Step 2 "Do magic" is a ACTION/MAGIC')]);
    expect(step).toMatchObject({ type: "function", title: "Do magic" });
    const code = step?.type === "function" ? step.code : "";
    expect(code).toContain('"spell": "a\\u2028throw 1"');
    const lines = code.split(/[\n\r\u2028\u2029]/).slice(3);
    expect(lines.every((line) => line === "" || line.startsWith("// "))).toBe(true);
  });

  test("an unknown intent, parameter, secret and object are noted", () => {
    const { step, notes } = importOne({
      type: "ACTION/CUSTOM",
      parameters: {
        intent: "NOTION_SING",
        actionType: "notion",
        colour: "red",
        actionParameters: [
          { key: "x", source: { type: "ENVIRONMENT_SECRET", environmentSecretId: "77" } },
          { key: "y", source: { type: "OBJECT_VALUE", name: "stars", path: ["a"] } },
          { key: "y", source: { type: "OBJECT_VALUE", name: "self", path: ["pageToken"] } },
        ],
      },
    });
    expect(step).toMatchObject({
      integration: "notion",
      action: "NOTION_SING",
      input: { x: '{{secrets["77"]}}', y: "{{self.pageToken}}" },
    });
    for (const noted of ["NOTION_SING", '"colour"', "secret 77", "stars.a", '"y" twice']) {
      expect(notes.join("\n")).toContain(noted);
    }
  });

  test.each([
    [
      "an operator",
      {
        type: "TRANSITION/IFELSE",
        parameters: {
          choices: [
            { label: "Yes", conditionWrapper: operator("$like", value(1)) },
            { label: "No", isDefault: true },
          ],
        },
      },
    ],
    ["a method", { type: "ACTION/REQUEST", parameters: { httpMethod: "FETCH", url: value("x") } }],
    ["a source", { type: "TRANSITION/MAP", parameters: { iterator: { type: "DREAM" } } }],
    [
      "credentials",
      { type: "ACTION/CUSTOM", parameters: { intent: "X", actionType: "n", credentials: [{}] } },
    ],
    ["what every object has", { type: "constructor", parameters: {} }],
  ])("a step with %s that is not known becomes one that fails", (_, step) => {
    const { step: read, notes } = importOne(step);
    expect(read).toMatchObject({
      type: "function",
      code: expect.stringContaining("throw new Error"),
    });
    expect(notes).toHaveLength(1);
  });

  test("schedules have Paragon's zone where they name none", () => {
    const cron = { ...trigger, type: "TRIGGER/CRON", next: null };
    const read = (parameters: object) =>
      importParagon({ steps: [{ ...cron, parameters }] }, mapping).definition.trigger;
    expect(read({ cron: "0 0 9 * * *" })).toMatchObject({ timeZone: "America/Los_Angeles" });
    expect(read({ cron: "0 0 9 * * *", timeZone: "UTC" })).toMatchObject({ timeZone: "UTC" });
    const zone = { type: "PERSONA_METADATA", path: ["zone"] };
    expect(read({ cron: "0 0 9 * * *", timezone: zone })).toMatchObject({
      timeZone: "{{user.meta.zone}}",
    });
  });

  test("ids that can be none here are replaced in all places", () => {
    const { definition, notes } = importParagon(
      {
        steps: [
          { ...trigger, id: "1", next: "user" },
          {
            id: "user",
            type: "ACTION/FUNCTION",
            parameters: { code: "x", parameters: [{ key: "p", source: variable("1", "a") }] },
          },
        ],
      },
      mapping,
    );
    expect(definition).toMatchObject({
      trigger: { id: "step-1", next: "step-2" },
      steps: [{ id: "step-2", parameters: { p: "{{step-1.a}}" } }],
    });
    expect(notes).toHaveLength(2);
  });

  test.each([
    ["nothing", undefined],
    ["no steps", { steps: [] }],
    ["no trigger", { steps: [{ id: "a", type: "ACTION/FUNCTION" }] }],
    ["two triggers", { steps: [trigger, { ...trigger, id: "u" }] }],
    ["an id twice", { steps: [trigger, { id: "t", type: "ACTION/FUNCTION" }] }],
    ["10,000 steps", { steps: Array.from({ length: 10_000 }, (_, id) => ({ id: `${id}` })) }],
    ["endless depth", JSON.parse(`{"steps":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)],
  ])("%s is refused", (_, json) => {
    expect(() => importParagon(json, mapping)).toThrow(ParagonFormatError);
  });

  test("anything at all is imported or refused", () => {
    const source = fc.oneof(
      fc.constant(variable("t", "constructor")),
      fc.record({
        type: fc.constantFrom("VALUE", "TOKENIZED", "VARIABLE"),
        value: fc.anything(),
        parts: fc.anything(),
      }),
    );
    const keyedSources = fc.array(fc.record({ key: fc.string(), source }), { maxLength: 3 });
    const parameters = fc.record(
      {
        url: source,
        httpMethod: fc.constantFrom("GET", "x"),
        body: fc.oneof(keyedSources, fc.anything()),
        params: keyedSources,
        parameters: keyedSources,
        code: fc.oneof(fc.string(), fc.anything()),
        iterator: source,
        choices: fc.anything(),
        authorization: fc.anything({ withBigInt: true }),
        intent: fc.string(),
        actionType: fc.string(),
        cron: fc.string(),
      },
      { requiredKeys: [] },
    );
    const types = compiled.steps.map(({ type }) => type);
    const step = fc.record({
      id: fc.string(),
      type: fc.oneof(fc.constantFrom(...types, "TRIGGER/CRON", "TRIGGER/EVENT"), fc.string()),
      next: fc.oneof(fc.string(), fc.constant(null)),
      description: fc.string(),
      parameters,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.array(step).map((steps) => ({ steps })),
        ),
        (json) => {
          try {
            const { definition } = importParagon(json, mapping);
            expect(Definition.parse(definition)).toEqual(definition);
          } catch (error) {
            expect(error).toBeInstanceOf(ParagonFormatError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("export", () => {
  const options = { id: "0b3d", name: "Send shopping lists", integration: "notion", mapping };

  test("what was imported is exported in the same form", () => {
    const { definition } = importParagon(compiled, mapping);
    const { workflow, notes } = exportParagon(definition, options);
    expect(notes).toEqual([]);
    expect(workflow.steps.map(({ type }) => type)).toEqual(compiled.steps.map(({ type }) => type));
    const again = importParagon(JSON.parse(JSON.stringify(workflow)), mapping);
    expect(again).toEqual({ definition, name: "Send shopping lists", notes: [] });
  });

  test("conditions are an or of ands", () => {
    const { definition } = importParagon(compiled, mapping);
    const { workflow } = exportParagon(definition, options);
    const original = compiled.steps.find(({ id }) => id === "any")?.parameters;
    const written: unknown = JSON.parse(
      JSON.stringify(workflow.steps.find(({ id }) => id === "any")?.parameters),
    );
    expect(written).toMatchObject({
      choices: [
        {
          label: "Yes",
          conditionWrapper: {
            type: "JOIN",
            join: "OR",
            conditions: [
              { type: "JOIN", join: "AND", conditions: [{ type: "OPERATOR" }] },
              {
                type: "JOIN",
                join: "AND",
                conditions: [{ type: "OPERATOR" }, { type: "OPERATOR" }],
              },
            ],
          },
        },
        { isDefault: true, label: "No" },
      ],
    });
    expect(original).toBeDefined();
  });

  test("all that Paragon does not have, or has not published, is noted", () => {
    const definition = Definition.parse({
      trigger: {
        id: "t",
        type: "request",
        validation: { params: [{ key: "id", required: true, equals: "1" }] },
        next: "a",
      },
      steps: [
        {
          id: "a",
          type: "request",
          method: "POST",
          url: "https://example.com",
          bodyType: "json",
          body: { list: ["{{t.request.body.a}}", 1], plain: [1], c: "{{connection.id}}" },
          authorization: {
            type: "oauthClientCredentials",
            tokenUrl: "https://example.com/token",
            clientId: "x",
            clientSecret: "{{secrets.OTHER}}",
          },
          pagination: { items: "{{self.response.body}}", pageToken: "{{self.response.body.n}}" },
          idempotent: true,
          retry: { delaysMs: [1000] },
          next: "b",
        },
        {
          id: "b",
          type: "function",
          language: "typescript",
          code: "() => 1",
          timeoutMs: 1000,
          next: "c",
        },
        {
          id: "c",
          type: "conditional",
          branches: ["1", "2"].map((label) => ({
            label,
            condition: {
              join: "and",
              conditions: [
                {
                  join: "or",
                  conditions: [
                    { operator: "$exists", variable: "{{b}}" },
                    { operator: "$none", variable: 1 },
                  ],
                },
                { operator: "$none", variable: 1 },
              ],
            },
          })),
          next: "d",
        },
        { id: "d", type: "fanOut", items: [1], concurrency: 3, next: "e" },
        { id: "e", type: "delay", value: "{{b.result}}", unit: "days", next: "f" },
        { id: "f", type: "action", integration: "notion", action: "sing", next: "g" },
        { id: "g", type: "response", status: 201, body: { ok: true } },
      ],
    });
    const { workflow, notes } = exportParagon(definition, options);
    const expected = [
      ["The trigger (1)", "request"],
      ["Step 2", "JSON"],
      ["Step 2", "{{connection.id}}"],
      ["Step 2", "client credentials"],
      ["Step 2", "pages"],
      ["Step 2", "idempotent"],
      ["Step 2", "times of its own"],
      ["Step 3", "TypeScript"],
      ["Step 3", "1000 ms"],
      ["Step 4", "3 branches"],
      ["Step 4", "or of ands"],
      ["Step 5", "3 items"],
      ["Step 6", "delay"],
      ["Step 7", "sing"],
      ["Step 8", "response"],
    ];
    for (const [step = "", what = ""] of expected) {
      expect(notes.filter((note) => note.startsWith(step) && note.includes(what))).not.toEqual([]);
    }
    const again = importParagon(JSON.parse(JSON.stringify(workflow)), mapping).definition;
    expect(again.steps.map(({ type }) => type)).toEqual(definition.steps.map(({ type }) => type));
    expect(again.trigger).toMatchObject({
      validation: definition.trigger.type === "request" ? definition.trigger.validation : {},
    });
    expect(again.steps[4]).toMatchObject({ value: "{{b.result}}", unit: "days" });
    expect(again.steps[6]).toMatchObject({ status: 201, body: { ok: true } });
  });

  test("what is exported can be imported, and is the same tree", () => {
    fc.assert(
      fc.property(treeDefinition, (definition) => {
        if (findProblems(definition, context).length > 0) return;
        const { workflow } = exportParagon(definition, options);
        const again = importParagon(JSON.parse(JSON.stringify(workflow)), mapping).definition;
        const plan = planWorkflow(again);
        for (const { step } of planWorkflow(definition).steps.values()) {
          expect(plan.upstreamOf(step.id)).toEqual(planWorkflow(definition).upstreamOf(step.id));
        }
        expect(plan.uses).toEqual(planWorkflow(definition).uses);
      }),
    );
  });
});
