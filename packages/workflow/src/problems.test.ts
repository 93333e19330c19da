import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { DefinitionInput } from "./definition.ts";
import { type Problem, problemCodes } from "./problem.ts";
import { findProblems } from "./problems.ts";
import { planWorkflow } from "./plan.ts";
import { context, treeDefinition } from "./testing/definitions.ts";
import { trickyText } from "./testing/arbitraries.ts";
import { Definition } from "./definition.ts";

type Steps = NonNullable<DefinitionInput["steps"]>;
type Step = Steps[number];

/** What all steps in a row, started by a trigger, have for problems: `code field`. */
function problemsOf(steps: unknown[], trigger: object = {}): string[] {
  return check(steps, trigger).map(({ code, stepId, field }) => `${stepId} ${code} ${field}`);
}

function check(steps: unknown[], trigger: object = {}): Problem[] {
  const start = { id: "t", type: "event", event: "order.created", next: "a", ...trigger };
  return findProblems({ trigger: start, steps }, context);
}

const run = { type: "function", code: "() => 1" } as const;
const get = { type: "request", method: "GET", url: "https://example.com" } as const;
const post = { ...get, method: "POST" } as const;
const create = { type: "action", integration: "notion", action: "create-page" } as const;

test("a sound workflow has no problems", () => {
  const steps: Step[] = [
    { ...run, id: "a", parameters: { order: "{{1.id}}", list: "{{settings.list}}" }, next: "b" },
    { id: "b", type: "fanOut", items: "{{a.result}}", each: "c", next: "d" },
    { ...create, id: "c", input: { parent: "{{b.instance.id}}" } },
    {
      ...post,
      id: "d",
      bodyType: "json",
      body: { pages: "{{c.result.id}}", key: "{{secrets.KEY}}" },
    },
  ];
  expect(check(steps)).toEqual([]);
});

test("a message names the step by number and title and says what to do", () => {
  const [problem] = check([
    { ...run, id: "a", next: "b" },
    { ...run, id: "b", title: "Send it", parameters: { x: ["{{secrets.GONE}}"] } },
  ]);
  expect(problem).toEqual({
    code: "unknown_secret",
    stepId: "b",
    field: "/parameters/x/0",
    severity: "error",
    message:
      'Step 3 "Send it" refers to the secret "GONE", which does not exist. Add it to the environment secrets or choose another.',
  });
});

describe("order", () => {
  test.each<[string, unknown[], string[]]>([
    [
      "an id given twice",
      [
        { ...run, id: "a" },
        { ...run, id: "a" },
      ],
      ["a duplicate_id /id"],
    ],
    [
      "a step with the trigger's id",
      [
        { ...run, id: "a" },
        { ...run, id: "t" },
      ],
      ["t duplicate_id /id"],
    ],
    ["a next that is no step", [{ ...run, id: "a", next: "z" }], ["a unknown_step /next"]],
    [
      "an each that is no step",
      [{ id: "a", type: "fanOut", items: [], each: "z" }],
      ["a unknown_step /each"],
    ],
    [
      "a branch that is no step",
      [
        {
          id: "a",
          type: "conditional",
          branches: [{ label: "Yes", condition: { operator: "$none", variable: 1 }, next: "y" }],
          otherwise: { label: "No", next: "z" },
        },
      ],
      ["a unknown_step /branches/0/next", "a unknown_step /otherwise/next"],
    ],
    [
      "a cycle",
      [
        { ...run, id: "a", next: "b" },
        { ...run, id: "b", next: "a" },
      ],
      ["b cycle /next"],
    ],
    ["a way back to the trigger", [{ ...run, id: "a", next: "t" }], ["a cycle /next"]],
    [
      "a cycle out of a branch",
      [
        { id: "a", type: "fanOut", items: [], each: "b" },
        { ...run, id: "b", next: "a" },
      ],
      ["b cycle /next"],
    ],
    [
      "branches that meet",
      [
        { id: "a", type: "fanOut", items: [], each: "b", next: "c" },
        { ...run, id: "b", next: "c" },
        { ...run, id: "c" },
      ],
      ["a named_twice /next"],
    ],
    [
      "steps that are not reached, also in a ring",
      [
        { ...run, id: "a" },
        { ...run, id: "b", next: "c" },
        { ...run, id: "c", next: "b" },
      ],
      ["b unreachable ", "c unreachable "],
    ],
  ])("%s", (_, steps, expected) => {
    expect(problemsOf(steps)).toEqual(expected);
  });
});

describe("references", () => {
  const inside = (parameters: object): unknown[] => [
    { ...run, id: "a", next: "fan" },
    { id: "fan", type: "fanOut", items: "{{a.result}}", each: "in", next: "if" },
    { ...run, id: "in" },
    {
      id: "if",
      type: "conditional",
      branches: [{ label: "Yes", condition: { operator: "$none", variable: 1 }, next: "yes" }],
      otherwise: { label: "No", next: "no" },
      next: "here",
    },
    { ...run, id: "yes" },
    { ...run, id: "no", parameters: { p: "{{yes.result}}" } },
    { ...run, id: "here", parameters, next: "last" },
    { ...run, id: "last" },
  ];

  test.each<[string, string[]]>([
    ["{{a.result}}", []],
    ["{{1.x}}", []],
    ["{{yes.result}} {{no.result}}", []],
    ["{{in.result}}", []],
    ["{{fan.instance}}", ["here instance_outside_fan_out /parameters/p"]],
    ["{{last.x}}", ["here downstream_reference /parameters/p"]],
    ["{{here.x}}", ["here downstream_reference /parameters/p"]],
    ["{{gone.x}}", ["here unknown_reference /parameters/p"]],
    ["{{77.x}}", ["here unknown_reference /parameters/p"]],
    ["{{0.x}}", ["here unknown_reference /parameters/p"]],
    ["{{secrets.GONE}}", ["here unknown_secret /parameters/p"]],
    ["{{secrets.KEY}}", []],
    ["{{settings.database}}", ["here unknown_setting /parameters/p"]],
    ["{{integrationSettings.database.id}}", []],
    ["{{user.name}}", ["here unknown_field /parameters/p"]],
    ["{{user.meta.name}} {{user}}", []],
    ["{{connection.token}}", ["here unknown_field /parameters/p"]],
    ["{{connection.providerData.x}}", []],
    ["{{connection.accessToken}}", ["here access_token_outside_request /parameters/p"]],
    ["{{self.pageToken}}", ["here self_outside_pagination /parameters/p"]],
    ["{{a.result", ["here invalid_template /parameters/p"]],
    ["\\{{a.result", []],
  ])("%s", (p, expected) => {
    const sibling = "no sibling_branch_reference /parameters/p";
    expect(problemsOf(inside({ p }))).toEqual([sibling, ...expected]);
  });

  test("the access token may stand in requests, self in requests with pagination", () => {
    const pagination = {
      items: "{{self.response.body}}",
      pageToken: "{{self.response.body.next}}",
    };
    const headers = [{ name: "x-token", value: "{{connection.accessToken}} {{self.page}}" }];
    expect(problemsOf([{ ...get, id: "a", headers, pagination }])).toEqual([]);
    expect(problemsOf([{ ...get, id: "a", headers }])).toEqual([
      "a self_outside_pagination /headers/0/value",
    ]);
    const wrong = { ...pagination, pageToken: "{{self.token}}" };
    expect(problemsOf([{ ...get, id: "a", pagination: wrong }])).toEqual([
      "a unknown_field /pagination/pageToken",
    ]);
  });

  test("a trigger may refer to settings and users, but to no step", () => {
    const schedule = { type: "schedule", cron: "0 9 * * *", next: null };
    expect(problemsOf([], { ...schedule, timeZone: "{{user.meta.zone}}" })).toEqual([]);
    expect(problemsOf([], { ...schedule, timeZone: "{{t.zone}}" })).toEqual([
      "t downstream_reference /timeZone",
    ]);
  });

  test("those in conditions are found too", () => {
    const condition = {
      join: "and",
      conditions: [
        { operator: "$stringIsIn", variable: "{{gone.x}}", argument: ["{{secrets.GONE}}"] },
      ],
    };
    const step = { id: "a", type: "conditional", branches: [{ label: "Yes", condition }] };
    expect(problemsOf([step])).toEqual([
      "a unknown_reference /branches/0/condition/conditions/0/variable",
      "a unknown_secret /branches/0/condition/conditions/0/argument/0",
    ]);
  });
});

function onPage(more: object): object {
  return { type: "integration", trigger: "page-changed", input: { page: "x" }, ...more };
}

function compare(variable: string, argument: string): object {
  return { operator: "$stringExactlyMatches", variable, argument };
}

describe("triggers", () => {
  test.each<[object, string[]]>([
    [{ type: "event", event: "gone" }, ["t unknown_event /event"]],
    [{ type: "schedule", cron: "* * *" }, ["t invalid_cron /cron"]],
    [{ type: "schedule", cron: "0 0 30 2 *" }, ["t invalid_cron /cron"]],
    [
      { type: "schedule", cron: "* * * * *", timeZone: "Mars/X" },
      ["t invalid_time_zone /timeZone"],
    ],
    [{ type: "integration", trigger: "gone" }, ["t unknown_trigger /trigger"]],
    [{ type: "integration", trigger: "page-changed" }, ["t missing_input /input/page"]],
    [{ type: "integration", trigger: "page-changed", input: { page: "x" } }, []],
    [onPage({ input: { page: "{{t.result.id}}" } }), ["t downstream_reference /input/page"]],
    [onPage({ input: { page: "{{secrets.token}}" } }), ["t secret_in_trigger /input/page"]],
    [onPage({ condition: compare("{{t.result.id}}", "x") }), []],
    [onPage({ condition: compare("{{1.result.id}}", "x") }), []],
    [onPage({ condition: compare("{{user.meta.plan}}", "{{connection.accountId}}") }), []],
    [
      onPage({ condition: compare("{{gone.id}}", "x") }),
      ["t unknown_reference /condition/variable"],
    ],
    [
      onPage({ condition: compare("{{t.a}}", "{{secrets.token}}") }),
      ["t secret_in_trigger /condition/argument"],
    ],
    [
      onPage({ condition: { operator: "$stringContains", variable: "{{t.a}}" } }),
      ["t missing_argument /condition/argument"],
    ],
    [onPage({ condition: compare("{{t.a", "x") }), ["t invalid_template /condition/variable"]],
    [{ type: "request" }, []],
    [{ type: "enabled" }, []],
  ])("%j", (trigger, expected) => {
    expect(problemsOf([], { next: null, ...trigger })).toEqual(expected);
  });
});

describe("steps", () => {
  test.each<[string, object, string[]]>([
    ["no input", { ...create }, ["a missing_input /input/parent"]],
    [
      "an empty required input",
      { ...create, input: { parent: "" } },
      ["a invalid_input /input/parent"],
    ],
    [
      "inputs of wrong types",
      { ...create, input: { parent: 5, count: "x", options: { icon: 1 } } },
      [
        "a invalid_input /input/parent",
        "a invalid_input /input/count",
        "a invalid_input /input/options/icon",
      ],
    ],
    [
      "inputs that only a run knows",
      { ...create, input: { parent: "{{1.id}}", count: "{{1.n}}", options: { icon: "{{1.i}}" } } },
      [],
    ],
    [
      "an input that does not exist",
      { ...create, input: { parent: "x", colour: "red" } },
      ["a unknown_input /input/colour"],
    ],
    ["an unknown action", { ...create, action: "gone" }, ["a unknown_action /action"]],
    [
      "an unknown integration",
      { ...create, integration: "x" },
      ["a unknown_integration /integration"],
    ],
    [
      "a request to an unknown integration",
      { type: "integrationRequest", integration: "x", method: "GET", path: "/users" },
      ["a unknown_integration /integration"],
    ],
    ["a relative URL", { ...get, url: "/users" }, ["a invalid_url /url"]],
    ["a URL of a file", { ...get, url: "file:///etc/passwd" }, ["a invalid_url /url"]],
    ["a URL that only a run knows", { ...get, url: "{{1.url}}" }, []],
    [
      "a header name with spaces",
      { ...get, headers: [{ name: "x y", value: "1" }] },
      ["a invalid_header /headers/0/name"],
    ],
    ["a body type without a body", { ...post, bodyType: "json" }, ["a missing_body /body"]],
    [
      "fields that are none",
      { ...post, bodyType: "form-data", body: [1] },
      ["a invalid_body /body"],
    ],
    [
      "fields that are a text",
      { ...post, bodyType: "urlencoded", body: "a={{1.a}}" },
      ["a invalid_body /body"],
    ],
    ["fields that only a run knows", { ...post, bodyType: "urlencoded", body: "{{1.a}}" }, []],
    ["XML that is no text", { ...post, bodyType: "xml", body: { a: 1 } }, ["a invalid_body /body"]],
    ["raw text", { ...post, bodyType: "raw", body: "a {{1.a}}" }, []],
    ["a body that is not sent", { ...post, body: { a: 1 } }, ["a unused_body /body"]],
    ["a body of a GET", { ...get, bodyType: "json", body: { a: 1 } }, ["a unused_body /body"]],
    [
      "a bearer without a token",
      { ...get, authorization: { type: "bearer", token: " " } },
      ["a invalid_authorization /authorization/token"],
    ],
    [
      "basic without a user",
      { ...get, authorization: { type: "basic", username: "", password: "" } },
      ["a invalid_authorization /authorization/username"],
    ],
    [
      "no query parameters",
      { ...get, authorization: { type: "query", params: [] } },
      ["a invalid_authorization /authorization/params"],
    ],
    [
      "no headers",
      { ...get, authorization: { type: "header", headers: [] } },
      ["a invalid_authorization /authorization/headers"],
    ],
    [
      "client credentials that are not complete",
      {
        ...get,
        authorization: {
          type: "oauthClientCredentials",
          tokenUrl: "x",
          clientId: "",
          clientSecret: "",
        },
      },
      [
        "a invalid_url /authorization/tokenUrl",
        "a invalid_authorization /authorization/clientId",
        "a invalid_authorization /authorization/clientSecret",
      ],
    ],
    [
      "pages whose items are a text",
      { ...get, pagination: { items: "x {{self.page}}", pageToken: "" } },
      ["a invalid_value /pagination/items"],
    ],
    ["code that is blank", { ...run, code: " \n" }, ["a empty_code /code"]],
    ["items that are a text", { type: "fanOut", items: "a,b" }, ["a invalid_value /items"]],
    ["items that are no list", { type: "fanOut", items: { a: 1 } }, ["a invalid_value /items"]],
    ["items as a list", { type: "fanOut", items: [1, "{{1.x}}"] }, []],
    ["a delay that is no number", { type: "delay", value: "soon" }, ["a invalid_value /value"]],
    ["a delay as text", { type: "delay", value: " 1.5 " }, []],
    [
      "an operator without its argument",
      {
        type: "conditional",
        branches: [
          {
            label: "Yes",
            condition: { join: "or", conditions: [{ operator: "$numberEquals", variable: 1 }] },
          },
        ],
      },
      ["a missing_argument /branches/0/condition/conditions/0/argument"],
    ],
    [
      "branches of one name",
      {
        type: "conditional",
        branches: [{ label: "No", condition: { operator: "$exists", variable: 1 } }],
      },
      ["a duplicate_label /otherwise/label"],
    ],
    ["a response to no request", { type: "response" }, ["a response_without_request "]],
  ])("%s", (_, step, expected) => {
    expect(problemsOf([{ id: "a", ...step }])).toEqual(expected);
  });

  test.each<[string, object, string[]]>([
    ["an empty answer", {}, []],
    ["a status that is no number", { status: "OK" }, ["a invalid_value /status"]],
    ["a status out of range", { status: "600" }, ["a invalid_value /status"]],
    ["a status that only a run knows", { status: "{{1.status}}" }, []],
    ["no file", { responseType: "file" }, ["a missing_body /body"]],
    [
      "a file that is a text",
      { responseType: "file", body: "x {{1.f}}" },
      ["a invalid_body /body"],
    ],
    ["a file", { responseType: "file", body: "{{1.file}}" }, []],
  ])("response: %s", (_, step, expected) => {
    const trigger = { type: "request" };
    expect(problemsOf([{ id: "a", type: "response", ...step }], trigger)).toEqual(expected);
  });

  test("rules over several inputs are checked where all are known", () => {
    const input = z
      .object({ page: z.string().optional(), database: z.string().optional() })
      .refine((value) => value.page !== undefined || value.database !== undefined, {
        message: "Choose a page or a database",
      });
    const own = { ...context, findAction: () => ({ input }) };
    const find = (given: object): string[] =>
      findProblems(
        {
          trigger: { id: "t", type: "enabled", next: "a" },
          steps: [{ ...create, id: "a", input: given }],
        },
        own,
      ).map(({ message }) => message);
    expect(find({})).toEqual(["Step 2 has a wrong input: Choose a page or a database."]);
    expect(find({ page: "x" })).toEqual([]);
    expect(find({ page: "{{1.x}}" })).toEqual([]);
  });

  test("inputs that can only be checked later are let through", () => {
    const input = z.object({ page: z.string().refine(async () => false) });
    const own = { ...context, findAction: () => ({ input }) };
    const steps = [{ ...create, id: "a", input: { page: "x" } }];
    const definition = { trigger: { id: "t", type: "enabled", next: "a" }, steps };
    expect(findProblems(definition, own)).toEqual([]);
  });
});

describe("what is no definition", () => {
  test.each<[unknown, string]>([
    [undefined, "expected object"],
    [null, "expected object"],
    ["text", "expected object"],
    [[], "expected object"],
    [{}, "/trigger"],
    [{ trigger: { id: "t", type: "enabled" }, steps: "none" }, "/steps"],
  ])("%j", (definition, reason) => {
    const [problem] = findProblems(definition, context);
    expect(problem).toMatchObject({ code: "invalid_definition", severity: "error" });
    expect(`${problem?.field} ${problem?.message}`).toContain(reason);
  });

  test.each<[object, string, string]>([
    [{ id: "a", type: "magic" }, "/type", 'Step 2 has a wrong value "magic" in /type'],
    [{ ...get, id: "a", title: "Get it", url: undefined }, "/url", 'Step 2 "Get it" needs /url.'],
    [{ ...get, id: "a", method: "FETCH" }, "/method", 'a wrong value "FETCH" in /method'],
    [{ ...run, id: "a", timeoutMs: 1 }, "/timeoutMs", "in /timeoutMs: Too small"],
    [{ ...run, id: "a", parameters: { x: [1n] } }, "/parameters/x/0", "in /parameters/x/0"],
    [
      {
        id: "a",
        type: "conditional",
        branches: [
          {
            label: "x",
            condition: { join: "or", conditions: [{ operator: "$like", variable: "{{1}}" }] },
          },
        ],
      },
      "/branches/0/condition/conditions/0/operator",
      '"$like"',
    ],
    [{ id: "a", type: "response", status: null }, "/status", "expected number"],
  ])("%# a step that is not complete is named with its field", (step, field, message) => {
    const [problem, ...others] = check([step]);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "invalid_definition", stepId: "a", field });
    expect(problem?.message).toContain(message);
  });

  test("a step whose id is none is named by number, its field from the whole", () => {
    expect(check([{ ...run, id: "1" }])).toMatchObject([
      { stepId: null, field: "/steps/0/id", message: expect.stringContaining("Step 2") },
    ]);
    expect(check([{ ...run, id: "secrets" }])).toMatchObject([
      { stepId: null, field: "/steps/0/id" },
    ]);
  });

  test("where one step is not complete the others are still checked by themselves", () => {
    const steps = [
      { ...get, id: "a", url: "x", next: "b" },
      { id: "b", type: "delay" },
    ];
    expect(problemsOf(steps)).toEqual(["b invalid_definition /value", "a invalid_url /url"]);
  });

  test("10,000 steps are one clear problem", () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => ({ ...run, id: `s${index}` }));
    expect(check(steps)).toEqual([
      {
        code: "too_many_steps",
        stepId: null,
        field: "/steps",
        severity: "error",
        message:
          "The workflow has 10000 steps; at most 500 are possible. Split it into several workflows.",
      },
    ]);
  });

  test("what is too deep, too large or refers to itself is one clear problem", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const circular: unknown[] = [];
    circular.push(circular, circular);
    const large = Array.from({ length: 50_000 }, () => 1);
    for (const value of [deep, circular, large]) {
      expect(problemsOf([{ ...run, id: "a", parameters: { value } }])).toEqual(["null too_large "]);
    }
  });

  test("a value nested too deeply is named with its field", () => {
    let value: unknown = "{{1.x}}";
    for (let depth = 0; depth < 120; depth += 1) value = [value];
    const [problem, ...others] = check([{ ...run, id: "a", parameters: { value } }]);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "invalid_template", stepId: "a" });
    expect(problem?.field).toContain("/parameters/value/0");
  });

  test("a hundred conditions in one another are named with their field", () => {
    let condition: unknown = { operator: "$none", variable: 1 };
    for (let depth = 0; depth < 110; depth += 1)
      condition = { join: "or", conditions: [condition] };
    const step = { id: "a", type: "conditional", branches: [{ label: "Yes", condition }] };
    expect(check([step])).toMatchObject([{ code: "invalid_template", stepId: "a" }]);
  });

  test("many problems are cut, long texts too", () => {
    const branch = { label: "x", condition: { operator: "$none", variable: "{{".repeat(1000) } };
    const steps = Array.from({ length: 100 }, (_, index) => ({
      id: `s${index}`,
      type: "conditional",
      branches: Array.from({ length: 20 }, () => branch),
    }));
    const problems = check(steps);
    expect(problems).toHaveLength(1000);
    expect(Math.max(...problems.map(({ message }) => message.length))).toBeLessThanOrEqual(1000);
  });

  const codes = new Set<string>(problemCodes);
  const isProblem = (problem: Problem): boolean =>
    codes.has(problem.code) && problem.message.length > 10 && /^(\/|$)/.test(problem.field);

  test("anything at all gives a list of problems", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withDate: true, withNullPrototype: true }),
        (value) => {
          const problems = findProblems(value, context);
          expect(problems.length).toBeGreaterThan(0);
          expect(problems.every(isProblem)).toBe(true);
        },
      ),
    );
  });

  test("a definition with anything in any place gives problems or can be planned", () => {
    const anywhere = fc.oneof(fc.anything(), trickyText, fc.jsonValue());
    const places = fc.array(fc.tuple(fc.nat(), anywhere), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(treeDefinition, places, (definition, changes) => {
        const changed = changes.reduce<unknown>(
          (value, [place, replacement]) => replaceAt(value, place, replacement),
          definition,
        );
        const problems = findProblems(changed, context);
        expect(problems.every(isProblem)).toBe(true);
        if (problems.some(({ severity }) => severity === "error")) return;
        expect(planWorkflow(Definition.parse(changed)).steps.size).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Puts something else in the place that is `place` among all values, counted around. */
function replaceAt(json: unknown, place: number, replacement: unknown): unknown {
  const paths: (string | number)[][] = [];
  const visit = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 6) return;
    paths.push(path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  visit(json, []);
  const [head, ...path] = paths[place % paths.length] ?? [];
  return head === undefined ? replacement : set(json, [head, ...path], replacement);
}

function set(json: unknown, [head, ...path]: (string | number)[], replacement: unknown): unknown {
  if (head === undefined) return replacement;
  if (Array.isArray(json)) {
    return json.map((item, index) =>
      String(index) === head ? set(item, path, replacement) : item,
    );
  }
  const entries = Object.entries(json ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === head ? set(value, path, replacement) : value]),
  );
}
