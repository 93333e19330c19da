import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createTestDatabase } from "@tenon/postgres/testing";
import { createKeyRingText } from "@tenon/connections";
import { createLocalNotion, developmentApp } from "local-notion";
import { expect, it } from "vitest";
import { createApiKeyStore } from "@tenon/postgres";
import { connectAccount } from "../connect-account.ts";
import { openWorkspace, subscribe, type Workspace } from "../notion-workspace.ts";
import { freePort, openTenon, type TestTenon } from "../test-tenon.ts";
import { createWorkflowRig, startReceiver } from "../workflows.ts";

/**
 * What is promised of triggers, while a fifth of the webhooks is lost, a fifth doubled, all shuffled
 * and late, the search index lags, the provider fails now and then, and the server is killed:
 *
 * - each new page starts exactly one run of Page Created, and no old page does;
 * - each edit of a page that was known is followed by a run of Page Updated that sees it. What is
 *   edited before Tenon has first seen a new page is seen by the run of Page Created;
 * - no page has more runs of Page Updated than edits;
 * - no event starts a workflow twice.
 *
 * TENON_CHAOS_SEEDS names the seeds, such as `1,2,3`; TENON_CHAOS_STEPS says how much is done.
 */
const seeds = (process.env["TENON_CHAOS_SEEDS"] ?? "1").split(",").map(Number);
const oldPages = 12;
const steps = Number(process.env["TENON_CHAOS_STEPS"] ?? 260);
const kills = 3;
const serverScript = resolve(import.meta.dirname, "../chaos-server.ts");

/** Mulberry32: the same seed is the same workload. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function startServer(environment: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [serverScript], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes("Tenon is ready")) ready.resolve();
    });
  }
  child.once("exit", (code) => ready.reject(new Error(`The server ended with ${code}: ${said}`)));
  return {
    ready: ready.promise,
    async end(signal: NodeJS.Signals): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

interface Page {
  id: string;
  isOld: boolean;
  /** The number of the last edit of each kind; 0 for none. */
  title: number;
  text: number;
  edits: number;
}

/** What a run of Page Updated or Page Created has told: the page's title and texts as it saw them. */
interface Sight {
  pageId: string;
  trigger: "created" | "updated";
  title: number;
  texts: number[];
}

async function work(
  workspace: Workspace,
  { random, pages }: { random: () => number; pages: Page[] },
): Promise<void> {
  let number = 0;
  for (let step = 0; step < steps; step += 1) {
    const page = pages[Math.floor(random() * pages.length)];
    const dice = random();
    number += 1;
    if (dice < 0.2 || page === undefined) {
      const id = await workspace.createPage(`n 0`);
      pages.push({ id, isOld: false, title: 0, text: 0, edits: 0 });
    } else if (dice < 0.6) {
      await workspace.rename(page.id, `n ${number}`);
      page.title = number;
      page.edits += 1;
    } else {
      await workspace.append(page.id, `t ${number}`);
      page.text = number;
      page.edits += 1;
    }
    await delay(random() * 120);
  }
}

it.each(seeds)(
  "seed %i: nothing is lost and nothing doubled",
  { timeout: 600_000 },
  async (seed) => {
    const random = createRandom(seed);
    await using database = await createTestDatabase();
    await using receiver = await startReceiver();
    const localNotion = await createLocalNotion({ settings: { rateLimit: null } });
    const workspace = await openWorkspace(localNotion.url);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { clientId, clientSecret } = developmentApp;
    const environment = {
      NODE_ENV: "production",
      PORT: String(port),
      TENON_URL: url,
      TENON_KEYS: createKeyRingText(),
      DATABASE_URL: database.connectionString,
      TENON_DEVELOPMENT_KEYS: JSON.stringify({
        notion: { clientId, clientSecret, baseUrl: localNotion.url },
      }),
      TENON_ALLOWED_PRIVATE: "127.0.0.0/8",
      TENON_POLL_SECONDS: "0.5,1,3",
      LOG_LEVEL: "silent",
    };
    let server = startServer(environment);
    // With every other seed a second process shares the work, and outlives the first.
    const peers: ReturnType<typeof startServer>[] = [];
    try {
      await server.ready;
      if (seed % 2 === 0) {
        peers.push(startServer({ ...environment, PORT: String(await freePort()) }));
      }
      for (const peer of peers) await peer.ready;
      const access = await openTenon(url, createApiKeyStore(database.kysely));
      // The rest of a test's Tenon is inside of its process, which this one is not.
      const tenon = { url, port, ...access } as unknown as TestTenon;
      const rig = createWorkflowRig(tenon);
      await connectAccount(tenon, { userId: "ada" });
      const pages: Page[] = [];
      for (let index = 0; index < oldPages; index += 1) {
        const id = await workspace.createPage("n 0");
        pages.push({ id, isOld: true, title: 0, text: 0, edits: 0 });
      }
      for (const trigger of ["created", "updated"] as const) {
        const id = await rig.deploy(trigger, {
          trigger: { id: "start", type: "integration", trigger: `page-${trigger}`, next: "read" },
          steps: [
            {
              id: "read",
              type: "action",
              integration: "notion",
              action: "get-page-content",
              input: { blockId: "{{start.result.id}}" },
              retry: { delaysMs: Array.from({ length: 20 }, () => 1_000) },
              next: "tell",
            },
            {
              id: "tell",
              type: "request",
              method: "POST",
              url: `${receiver.url}/${trigger}`,
              bodyType: "json",
              body: { page: "{{start.result}}", blocks: "{{read.result}}" },
            },
          ],
        });
        await rig.enable(id, "ada");
      }
      await subscribe(workspace, tenon);
      await workspace.configure({
        searchLagMs: 1_500,
        webhooks: { aggregationMs: 60, loss: 0.2, doubling: 0.2, shuffle: true, retryBaseMs: 200 },
      });
      await addFaults(workspace, seed);

      const done = new AbortController();
      const killing = (async () => {
        for (let kill = 0; kill < kills && !done.signal.aborted; kill += 1) {
          await delay(2_000 + random() * 5_000);
          await server.end("SIGKILL");
          server = startServer(environment);
          await server.ready;
        }
      })();
      await work(workspace, { random, pages });
      done.abort();
      await killing;

      await workspace.control("DELETE", "/faults");
      await workspace.configure({
        searchLagMs: 0,
        webhooks: { loss: 0, doubling: 0, shuffle: false },
      });
      // The next minute has begun at the provider: what shares a minute is told apart from then on.
      await workspace.configure({ clockOffsetMs: 61_000 });
      const last = pages[0];
      if (last === undefined) throw new Error("There is a page.");
      await workspace.rename(last.id, "n 1000000");
      last.title = 1_000_000;
      last.edits += 1;

      const sights = (): Sight[] => receiver.got.map(toSight);
      const missing = (): string[] => pages.flatMap((page) => findMissing(page, sights()));
      await expect
        .poll(missing, { timeout: 120_000, interval: 500 })
        .toEqual([])
        .catch(async (cause: unknown) => {
          const stories = missing().map(async (one) => tellStory(database, one, workspace));
          throw new Error((await Promise.all(stories)).join("\n\n"), { cause });
        });
      await untilIdle(database);

      const seen = sights();
      for (const page of pages) {
        const own = seen.filter(({ pageId }) => pageId === page.id);
        const created = own.filter(({ trigger }) => trigger === "created").length;
        const updated = own.filter(({ trigger }) => trigger === "updated").length;
        expect([page.id, created]).toEqual([page.id, page.isOld ? 0 : 1]);
        expect(updated, `runs of Page Updated of ${page.id}`).toBeLessThanOrEqual(page.edits);
      }
      expect(await countTwiceStarted(database)).toBe(0);
    } finally {
      for (const one of [server, ...peers]) await one.end("SIGTERM");
      await localNotion.close();
    }
  },
);

/** One request in eight of the account's goes wrong, each in its own way. */
async function addFaults(workspace: Workspace, seed: number): Promise<void> {
  const [connection] = await workspace.control("GET", "/connections");
  const outcomes = [
    { status: 429, retryAfter: 1 },
    { status: 500 },
    { status: 502, html: true },
    { delayMs: 400 },
  ];
  for (const [index, outcome] of outcomes.entries()) {
    await workspace.control("POST", "/faults", {
      path: "/v1/**",
      connectionId: connection.id,
      probability: 0.03,
      seed: seed * 10 + index,
      // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's name for it; nobody awaits it
      then: outcome,
    });
  }
}

function toSight({ path, body }: { path: string; body: string }): Sight {
  const { page, blocks } = JSON.parse(body);
  const numberIn = (text: string) => Number(text.split(" ")[1]);
  return {
    pageId: page.id,
    trigger: path === "/created" ? "created" : "updated",
    title: numberIn(page.properties.title.title[0].plain_text),
    texts: blocks.flatMap((block: any) =>
      block.type === "paragraph" ? [numberIn(block.paragraph.rich_text[0].plain_text)] : [],
    ),
  };
}

/** What no run has seen yet of a page. */
function findMissing(page: Page, sights: readonly Sight[]): string[] {
  const own = sights.filter(({ pageId }) => pageId === page.id);
  const missing: string[] = [];
  if (!page.isOld && !own.some(({ trigger }) => trigger === "created")) {
    missing.push(`${page.id}: created`);
  }
  if (!own.some(({ title }) => title >= page.title) && page.title > 0) {
    missing.push(`${page.id}: title ${page.title}`);
  }
  if (!own.some(({ texts }) => texts.includes(page.text)) && page.text > 0) {
    missing.push(`${page.id}: text ${page.text}`);
  }
  return missing;
}

type Database = Awaited<ReturnType<typeof createTestDatabase>>;

/** What is known of a page that no run has seen as it is. */
async function tellStory({ pool }: Database, missing: string, workspace: Workspace) {
  const [id = ""] = missing.split(":");
  const ask = async (sql: string) => (await pool.query(sql, [id])).rows;
  return JSON.stringify(
    {
      missing,
      changes: await ask(`select changes, cause, occurred_at, created_at,
        (select array_agg(runs.status) from change_starts
          join runs on runs.id = run_id where change_id = changes.id) as runs
        from changes where object_id = $1 order by created_at`),
      events: await ask(`select changes, route.occurred_at, created_at, attempts, outcome, failure
        from event_routes as route where object_id = $1 order by created_at`),
      ledger: await ask("select * from watched_objects where object_id = $1"),
      watch: await ask("select * from watches where $1 <> ''"),
      page: (await workspace.api("GET", `/pages/${id}`)).last_edited_time,
    },
    undefined,
    1,
  );
}

/** No event waits, no run is under way, and two polls have found nothing. */
async function untilIdle({ pool }: Database): Promise<void> {
  const counts = async () => {
    const { rows } = await pool.query(`select
      (select count(*) from event_routes where outcome is null)::integer as routes,
      (select count(*) from runs where status not in ('succeeded', 'failed'))::integer as runs,
      (select count(*) from watched_objects where settle_at is not null
        and changed_at < now())::integer as unsettled,
      (select count(*) from changes)::integer as changes`);
    return rows[0];
  };
  await expect.poll(async () => (await counts()).routes, { timeout: 60_000 }).toBe(0);
  await expect.poll(async () => (await counts()).runs, { timeout: 60_000 }).toBe(0);
  for (let quiet = 0; quiet < 3; quiet += 1) {
    const { changes } = await counts();
    await delay(2_500);
    if ((await counts()).changes !== changes) quiet = -1;
  }
}

/** Events that have started one workflow more than once, by any change they led to. */
async function countTwiceStarted({ pool }: Database): Promise<number> {
  const { rows } = await pool.query(`
    select events.provider_event_id, runs.workflow_id, runs.configuration_id
    from webhook_events as events
    join event_routes as routes on routes.event_id = events.id
    join change_starts as starts on starts.change_id = routes.change_id
    join runs on runs.id = starts.run_id
    group by 1, 2, 3 having count(distinct runs.id) > 1`);
  return rows.length;
}
