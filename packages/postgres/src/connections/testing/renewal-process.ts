import type { Credential, TokenStore } from "@tenon/connections";
import { createConnectRig, type RigOptions } from "./connect-rig.ts";

/** A process of Tenon that a test starts, steers by messages and kills at a point of its choice. */
export interface RenewalOrder {
  rig: Pick<RigOptions, "connectionString" | "providerUrl" | "keyRing" | "connector">;
  connectionId: string;
  usedVersion: number;
  /** How many callers ask at the same time; every second one after a 401, the others before use. */
  callers: number;
  dieAt?: DeathPoint;
}

export type DeathPoint =
  | "before the note"
  | "between note and send"
  | "between answer and store"
  | "after storing";

export type RenewalReport =
  | { kind: "ready" }
  | { kind: "done"; answers: (Credential | { code: unknown })[] };

function dieAt(point: DeathPoint | undefined, tokens: TokenStore): TokenStore {
  const die = () => process.kill(process.pid, "SIGKILL");
  const forever = new Promise<never>(() => undefined);
  return {
    ...tokens,
    async beginExchange(lease, exchangeId) {
      if (point === "before the note" && die()) return forever;
      const isNoted = await tokens.beginExchange(lease, exchangeId);
      return point === "between note and send" && die() ? forever : isNoted;
    },
    async finishRenewed(lease, exchangeId, renewed) {
      if (point === "between answer and store" && die()) return forever;
      const isStored = await tokens.finishRenewed(lease, exchangeId, renewed);
      return point === "after storing" && die() ? forever : isStored;
    },
  };
}

async function run(order: RenewalOrder): Promise<void> {
  await using rig = await createConnectRig({
    ...order.rig,
    wrapTokens: (tokens) => dieAt(order.dieAt, tokens),
  });
  const go = new Promise((resolve) => process.once("message", resolve));
  report({ kind: "ready" });
  await go;
  const { credentials } = rig;
  const { connectionId, usedVersion, callers } = order;
  const answers = await Promise.all(
    Array.from({ length: callers }, async (_, index) => {
      try {
        return index % 2 === 0
          ? await credentials.renew(connectionId, usedVersion)
          : await credentials.get(connectionId);
      } catch (error) {
        return { code: error instanceof Error && "code" in error ? error.code : String(error) };
      }
    }),
  );
  report({ kind: "done", answers });
}

function report(message: RenewalReport): void {
  process.send?.(message);
}

await run(JSON.parse(process.argv[2] ?? ""));
process.disconnect();
