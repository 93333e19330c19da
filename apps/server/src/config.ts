import { resolve } from "node:path";
import { jsonText } from "@tenon/contract";
import * as z from "zod";

/** OAuth clients that serve where a project has none of its own, by connector id. */
const DevelopmentKeys = z.record(
  z.string(),
  z.strictObject({
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    baseUrl: z.url().optional(),
  }),
);
export type DevelopmentKeys = z.output<typeof DevelopmentKeys>;

const Environment = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("development"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4780),
  HOST: z.string().default("127.0.0.1"),
  TENON_DATA: z.string().min(1).default(".tenon"),
  TENON_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  TENON_KEYS: z.string().min(1).optional(),
  TENON_DEVELOPMENT_KEYS: jsonText(DevelopmentKeys).optional(),
  TENON_TLS_CERT: z.string().min(1).optional(),
  TENON_TLS_KEY: z.string().min(1).optional(),
  TENON_RUNS_AT_ONCE: z.coerce.number().int().min(1).max(10_000).default(200),
  TENON_RUNS_PER_PROJECT: z.coerce.number().int().min(1).max(100_000).default(500),
  TENON_RUNS_PER_USER: z.coerce.number().int().min(1).max(100_000).default(50),
  TENON_ALLOWED_PRIVATE: z.string().optional(),
  TENON_POLL_SECONDS: z
    .string()
    .regex(/^\d+(\.\d+)?(\s*,\s*\d+(\.\d+)?){2}$/, "must be three numbers such as 15,60,300")
    .default("15,60,300"),
  npm_lifecycle_event: z.string().optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

/** What the process was told by its environment, parsed once and passed down as values. */
export interface Config {
  production: boolean;
  host: string;
  port: number;
  /** Folder of the embedded database, its keys and the demo project. Absolute. */
  dataDir: string;
  /** The address that browsers and providers reach this server by, without a trailing slash. */
  url: string;
  databaseUrl: string | undefined;
  /** The key ring's text; undefined: the data folder keeps one. */
  keys: string | undefined;
  developmentKeys: DevelopmentKeys;
  tls: { certFile: string; keyFile: string } | undefined;
  /** How many runs of workflows this process works on at a time. */
  maxRuns: number;
  /** Of runs at a time, on all processes together, where a project says nothing of its own. */
  runLimits: { perProject: number; perUser: number };
  /** How often connected accounts are asked for changes. */
  polls: { activeMs: number; idleMs: number; healthyMs: number };
  /** Private addresses (CIDR ranges, addresses, host names) that steps may call nevertheless. */
  allowedPrivate: readonly string[];
  /** An npm script started the process, and should take it along when it ends. */
  startedByNpm: boolean;
  logLevel: z.output<typeof Environment>["LOG_LEVEL"];
}

/** Reads the environment; throws one error that names every fault. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = parseEnvironment(Environment, environment);
  if ((env.TENON_TLS_CERT === undefined) !== (env.TENON_TLS_KEY === undefined)) {
    throw new Error("TENON_TLS_CERT and TENON_TLS_KEY go together: set both or neither.");
  }
  const production = env.NODE_ENV === "production";
  if (production && env.TENON_KEYS === undefined) {
    throw new Error(
      "TENON_KEYS must be set in production: it seals every stored token. " +
        "Make one with `tenon key` and keep it outside the database's backups.",
    );
  }
  if (production && env.TENON_URL === undefined) {
    throw new Error("TENON_URL must be set in production: providers redirect users to it.");
  }
  const tls =
    env.TENON_TLS_CERT && env.TENON_TLS_KEY
      ? { certFile: env.TENON_TLS_CERT, keyFile: env.TENON_TLS_KEY }
      : undefined;
  return {
    production,
    host: env.HOST,
    port: env.PORT,
    dataDir: resolve(env.TENON_DATA),
    url: (env.TENON_URL ?? `${tls ? "https" : "http"}://localhost:${env.PORT}`).replace(/\/+$/, ""),
    databaseUrl: env.DATABASE_URL,
    keys: env.TENON_KEYS,
    developmentKeys: env.TENON_DEVELOPMENT_KEYS ?? {},
    tls,
    maxRuns: env.TENON_RUNS_AT_ONCE,
    runLimits: { perProject: env.TENON_RUNS_PER_PROJECT, perUser: env.TENON_RUNS_PER_USER },
    polls: readPolls(env.TENON_POLL_SECONDS),
    allowedPrivate: readList(env.TENON_ALLOWED_PRIVATE) ?? (production ? [] : loopback),
    startedByNpm: env.npm_lifecycle_event !== undefined,
    logLevel: env.LOG_LEVEL,
  };
}

/** What commands that call a running Tenon are told by their environment. */
export interface ClientConfig {
  url: string | undefined;
  apiKey: string | undefined;
  /** Where the demo project is looked for. Absolute. */
  dataDir: string;
}

const ClientEnvironment = Environment.pick({ TENON_URL: true, TENON_DATA: true }).extend({
  TENON_API_KEY: z.string().min(1).optional(),
});

/** Reads the environment of a command that calls a running Tenon. */
export function readClientConfig(environment: NodeJS.ProcessEnv = process.env): ClientConfig {
  const env = parseEnvironment(ClientEnvironment, environment);
  return { url: env.TENON_URL, apiKey: env.TENON_API_KEY, dataDir: resolve(env.TENON_DATA) };
}

/** While somebody develops, the app that workflows call is on the same machine. */
const loopback = ["127.0.0.0/8", "::1/128", "localhost"];

function readPolls(text: string): Config["polls"] {
  const [activeMs = 0, idleMs = 0, healthyMs = 0] = text
    .split(",")
    .map((seconds) => Number(seconds) * 1000);
  return { activeMs, idleMs, healthyMs };
}

function readList(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** Throws one error that names every fault. */
function parseEnvironment<S extends z.ZodType>(
  schema: S,
  environment: NodeJS.ProcessEnv,
): z.output<S> {
  // An empty variable is an unset one: that is how containers and .env files leave things out.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(set);
  if (!parsed.success) throw new Error(describe(parsed.error));
  return parsed.data;
}

function describe(error: z.ZodError): string {
  const faults = error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  return `The environment cannot be used:\n${faults.join("\n")}`;
}
