import * as z from "zod";
import { Condition } from "./condition.ts";

/**
 * Names a step for good, however the steps are ordered or titled. Not only digits: a number in a
 * reference is a step's place. Not a word that starts another kind of reference.
 */
export const StepId = z
  .string()
  .regex(
    /^(?!\d+$)[A-Za-z0-9_-]{1,64}$/,
    "must be 1 to 64 letters, digits, - or _, and not a number",
  )
  .refine((id) => !reservedHeads.has(id), "is a reserved word");

/** What a reference may start with beside a step: `{{settings.x}}`. */
export const referenceHeads = [
  "settings",
  "integrationSettings",
  "secrets",
  "user",
  "connection",
  "self",
] as const;
export type ReferenceHead = (typeof referenceHeads)[number];
const reservedHeads: ReadonlySet<string> = new Set(referenceHeads);

/** Any JSON in which every text may hold references: `"Hello {{trigger.body.name}}"`. */
export const Templated = z.json();
export type Templated = z.output<typeof Templated>;

/** A text that may hold references. */
const templatedText = z.string().max(200_000);

/** Names with templated values, such as headers; a name given twice is two entries. */
const NamedValues = z
  .array(z.object({ name: z.string().min(1).max(1000), value: Templated }))
  .max(100);

const placed = {
  id: StepId,
  title: z.string().max(200).optional(),
  /** The step that follows; null ends the run, or this branch of it. */
  next: StepId.nullable().default(null),
};

/** When a step that failed for a passing reason is tried again. */
export const Retry = z.object({
  delaysMs: z.array(z.int().min(1000).max(86_400_000)).max(20),
});
export type Retry = z.output<typeof Retry>;

/** Milliseconds between attempts where a step says nothing of its own. */
export const defaultRetry: Retry = { delaysMs: [10_000, 20_000, 30_000, 50_000, 80_000] };

const fallible = {
  ...placed,
  /** The run goes on after this step even where it failed; its output is then `{ error }`. */
  continueOnFailure: z.boolean().default(false),
  retry: Retry.default(defaultRetry),
};

const ValueRule = z.object({
  key: z.string().min(1).max(200).meta({ description: "A dot path for the body, else a name." }),
  required: z.boolean().default(false),
  type: z.enum(["string", "number", "boolean", "object", "array"]).optional(),
  /** The value, as text, must be exactly this. */
  equals: z.string().max(1000).optional(),
});

export const EventTrigger = z.object({
  ...placed,
  type: z.literal("event"),
  /** Name of one of the project's app events. */
  event: z.string().min(1).max(200),
});

export const RequestTrigger = z.object({
  ...placed,
  type: z.literal("request"),
  validation: z
    .object({
      params: z.array(ValueRule).max(100).default([]),
      headers: z.array(ValueRule).max(100).default([]),
      body: z.array(ValueRule).max(100).default([]),
    })
    .prefault({}),
});

export const ScheduleTrigger = z.object({
  ...placed,
  type: z.literal("schedule"),
  /** Five fields, or six with seconds first. */
  cron: z.string().min(1).max(200),
  /** IANA time zone, or a reference to one: `{{user.meta.timeZone}}`. */
  timeZone: z.string().min(1).max(200).default("UTC"),
});

export const EnabledTrigger = z.object({ ...placed, type: z.literal("enabled") });

/** Something that happened at the provider; the connector declares which there are. */
export const IntegrationTrigger = z.object({
  ...placed,
  type: z.literal("integration"),
  trigger: z.string().min(1).max(100),
  input: z.record(z.string(), Templated).default({}),
  /** Starts a run only where it holds. It may refer to the trigger's own output. */
  condition: Condition.optional(),
  /** Changes that nobody but the connection itself made start nothing. */
  ignoreOwn: z.boolean().default(false),
  /**
   * What happened while the workflow was disabled or undeployed, for up to 30 days: left out, or
   * caught up with when it goes on.
   */
  afterPause: z.enum(["skip", "catchUp"]).default("skip"),
});
export type IntegrationTrigger = z.output<typeof IntegrationTrigger>;

export const Trigger = z.discriminatedUnion("type", [
  EventTrigger,
  RequestTrigger,
  ScheduleTrigger,
  EnabledTrigger,
  IntegrationTrigger,
]);
export type Trigger = z.output<typeof Trigger>;

export const httpMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/**
 * Follows pages: the request is sent again while `pageToken` resolves to something and `stopWhen`
 * does not hold. In all three, and in the request itself, `self` is the page at hand:
 * `{{self.response.body.next_cursor}}`, `{{self.pageToken}}`, `{{self.page}}` (1 is the first).
 */
export const Pagination = z.object({
  /** The items of a page; those of all pages together are `items` of the output. */
  items: templatedText,
  pageToken: templatedText,
  stopWhen: Condition.optional(),
  maxPages: z.int().min(1).max(10_000).default(1000),
});
export type Pagination = z.output<typeof Pagination>;

const call = {
  ...fallible,
  method: z.enum(httpMethods),
  query: NamedValues.default([]),
  headers: NamedValues.default([]),
  bodyType: z.enum(["none", "json", "form-data", "urlencoded", "xml", "raw"]).default("none"),
  /**
   * json: any JSON. form-data, urlencoded: an object of fields (a file where its value is one).
   * xml, raw: a text.
   */
  body: Templated.optional(),
  pagination: Pagination.optional(),
  /**
   * The receiver tells repeats apart by the `Idempotency-Key` we send: then a write is tried again
   * too where nobody knows whether it arrived.
   */
  idempotent: z.boolean().default(false),
};

export const ActionStep = z.object({
  ...fallible,
  type: z.literal("action"),
  /** Connector id. */
  integration: z.string().min(1).max(100),
  /** Action id of that connector, such as `create-page`. */
  action: z.string().min(1).max(100),
  input: z.record(z.string(), Templated).default({}),
});

export const IntegrationRequestStep = z.object({
  ...call,
  type: z.literal("integrationRequest"),
  integration: z.string().min(1).max(100),
  /** Path on the provider's API, or a full URL on one of its hosts. */
  path: templatedText.min(1),
});

export const Authorization = z.discriminatedUnion("type", [
  z.object({ type: z.literal("none") }),
  z.object({ type: z.literal("bearer"), token: templatedText }),
  z.object({ type: z.literal("basic"), username: templatedText, password: templatedText }),
  z.object({ type: z.literal("query"), params: NamedValues }),
  z.object({ type: z.literal("header"), headers: NamedValues }),
  z.object({
    type: z.literal("oauthClientCredentials"),
    tokenUrl: templatedText.min(1),
    clientId: templatedText,
    clientSecret: templatedText,
    scope: templatedText.optional(),
    clientAuth: z.enum(["basic", "body"]).default("basic"),
  }),
]);
export type Authorization = z.output<typeof Authorization>;

export const RequestStep = z.object({
  ...call,
  type: z.literal("request"),
  url: templatedText.min(1),
  authorization: Authorization.default({ type: "none" }),
});

export const FunctionStep = z.object({
  ...fallible,
  type: z.literal("function"),
  language: z.enum(["javascript", "typescript"]).default("javascript"),
  /** A function of `(parameters, libraries)`, or a module whose default export is one. */
  code: z.string().min(1).max(200_000),
  parameters: z.record(z.string(), Templated).default({}),
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
  memoryMb: z.int().min(16).max(512).default(128),
});

/** The first branch whose condition holds is run to its end, then the run goes on with `next`. */
export const ConditionalStep = z.object({
  ...placed,
  type: z.literal("conditional"),
  branches: z
    .array(
      z.object({
        label: z.string().min(1).max(200),
        condition: Condition,
        next: StepId.nullable().default(null),
      }),
    )
    .min(1)
    .max(50),
  otherwise: z
    .object({ label: z.string().min(1).max(200), next: StepId.nullable().default(null) })
    .default({ label: "No", next: null }),
});

export const FanOutStep = z.object({
  ...placed,
  type: z.literal("fanOut"),
  /** A list; each item is `instance` of this step's output inside the branch. */
  items: Templated,
  /** First step of the branch that is run for each item. */
  each: StepId.nullable().default(null),
  /** How many items at a time. */
  concurrency: z.int().min(1).max(100).default(10),
});

export const DelayStep = z.object({
  ...placed,
  type: z.literal("delay"),
  value: z.union([z.number().min(0), templatedText]),
  unit: z.enum(["seconds", "minutes", "hours", "days"]).default("minutes"),
});

export const ResponseStep = z.object({
  ...placed,
  type: z.literal("response"),
  status: z.union([z.int().min(200).max(599), templatedText]).default(200),
  headers: NamedValues.default([]),
  responseType: z.enum(["json", "file"]).default("json"),
  /** Any JSON, or for `file` a reference to a file. */
  body: Templated.optional(),
});

export const Step = z.discriminatedUnion("type", [
  ActionStep,
  IntegrationRequestStep,
  RequestStep,
  FunctionStep,
  ConditionalStep,
  FanOutStep,
  DelayStep,
  ResponseStep,
]);
export type Step = z.output<typeof Step>;
export type StepType = Step["type"];

/** How many steps a workflow may have. */
export const maxSteps = 500;

/**
 * A workflow as data: what starts it, and its steps in the order they are shown and numbered (the
 * trigger is number 1). The steps form a tree: each is named by exactly one `next`, `each` or branch.
 */
export const Definition = z.object({
  trigger: Trigger,
  steps: z.array(Step).max(maxSteps, `must have at most ${maxSteps} steps`).default([]),
});
export type Definition = z.output<typeof Definition>;
/** A definition as it is written, with what has a default left out. */
export type DefinitionInput = z.input<typeof Definition>;

/** A file as a value of a run: what triggers and requests put into outputs and take from them. */
export const File = z.object({
  dataType: z.literal("FILE"),
  name: z.string(),
  mimeType: z.string(),
  /** Bytes. */
  size: z.int(),
  encoding: z.literal("base64"),
  data: z.string(),
});
export type File = z.output<typeof File>;
