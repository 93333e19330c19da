import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectAccount } from "../connect-account.ts";
import { createStartedTenon, type StartedTenon } from "../started-tenon.ts";
import { type Receiver, startReceiver } from "../workflows.ts";
import { act, createNotionRig, createRuns, paragraph, tell } from "./workflow-faults-rig.ts";

let server: StartedTenon;
let receiver: Receiver;

beforeAll(async () => {
  server = await createStartedTenon(40_000 + (process.pid % 10_000));
  receiver = await startReceiver();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

interface Started {
  runId: string;
  parent: string;
  page: string;
}

const lines = Array.from({ length: 250 }, (_, index) => `Line ${index}`);
const rounds = 4;
const perRound = 6;

it(
  "kill -9 in the middle of runs: each that was acknowledged ends, and its page and blocks are there once",
  { timeout: 300_000 },
  async () => {
    await server.start();
    const tenon = await server.openDemo();
    const runs = createRuns(tenon);
    const notion = createNotionRig(server.localNotionUrl);
    await notion.configure({ rateLimit: null });
    const root = await notion.findRoot();
    const { event, workflowId } = await runs.deploy(
      [
        act("make", "create-page", {
          parent: "{{start.parent}}",
          title: "{{start.title}}",
          children: lines.map(paragraph),
        }),
        act("append", "append-blocks", {
          blockId: "{{start.page}}",
          children: lines.map(paragraph),
        }),
        tell(receiver, { made: "{{make.result.id}}", title: "{{start.title}}" }),
      ],
      [],
    );

    const started: Started[] = [];
    let interrupted = 0;
    for (let round = 0; round < rounds; round += 1) {
      await notion.configure({ rateLimit: null });
      for (let index = 0; index < perRound; index += 1) {
        const title = `Run ${started.length}`;
        // An account each: the provider's limit is kept for each of them.
        const userId = `user-${started.length}`;
        expect((await connectAccount(tenon, { userId })).status).toBe(200);
        await runs.enable(workflowId, userId);
        const parent = await notion.makePage(root, `Home of ${title}`);
        const page = await notion.makePage(root, `Appended by ${title}`);
        // From here on the run is acknowledged: it must not be lost.
        const runId = await runs.send(event, { title, parent, page }, userId);
        started.push({ runId, parent, page });
      }
      // Later in each round, so that the process dies in other places.
      await delay(round * 120);
      const last = await Promise.all(
        started.slice(-perRound).map(({ runId }) => runs.getRun(runId)),
      );
      await server.end("SIGKILL");
      interrupted += last.filter(({ status }) => status === "running").length;
      await server.start();
    }
    await notion.configure({ rateLimit: null });

    const ends: Record<string, number> = {};
    for (const [index, { runId, parent, page }] of started.entries()) {
      const run = await runs.waitForEnd(runId);
      const outcome = run.status === "succeeded" ? "succeeded" : run.error.code;
      ends[outcome] = (ends[outcome] ?? 0) + 1;
      expect([runId, outcome]).toEqual([
        runId,
        expect.stringMatching(/^(succeeded|outcome_unknown)$/),
      ]);
      const titles = await notion.titlesBelow(parent);
      expect(titles.length).toBeLessThan(2);
      const appended = await notion.textsOn(page);
      expect(appended).toEqual(lines.slice(0, appended.length));
      const told = receiver.got.filter(({ body }) => JSON.parse(body).title === `Run ${index}`);
      expect(told.length).toBeLessThan(2);
      if (outcome !== "succeeded") continue;
      expect(titles).toEqual([`Run ${index}`]);
      expect(appended).toEqual(lines);
      expect(told).toHaveLength(1);
      const { made } = JSON.parse(told[0]?.body ?? "");
      expect(await notion.textsOn(made)).toEqual(lines);
    }
    expect(started).toHaveLength(rounds * perRound);
    expect(interrupted).toBeGreaterThan(0);
    // What a look can decide is not left to people: only the plain POST may end unknown.
    expect(ends["succeeded"] ?? 0).toBeGreaterThan(started.length / 2);
    expect(server.output()).not.toMatch(/"level":(50|60)/);
  },
);
