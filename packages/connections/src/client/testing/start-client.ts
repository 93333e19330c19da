import { AppError, type Connector } from "@tenon/connector";
import type { Credential, CredentialSource } from "../../credentials.ts";
import { createLimiter } from "../../limiter/create-limiter.ts";
import { createMemoryRateStore } from "../../limiter/testing/memory-rate-store.ts";
import { defineTestConnector } from "../../proxy/testing/start-proxy.ts";
import {
  createProviderClient,
  type ProviderClientOptions,
  type ProviderRequest,
} from "../create-provider-client.ts";
import type { WholeAnswer } from "../whole-exchange.ts";

export interface TestClient {
  connector: Connector;
  /** Versions of tokens that were refused. */
  renewals: number[];
  get(path: string, request?: Partial<ProviderRequest>): Promise<WholeAnswer>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestClientOptions {
  baseUrl: string;
  api?: Partial<Connector["api"]>;
  client?: Partial<ProviderClientOptions>;
}

/** A client with tokens `token-1`, `token-2`, …: the next one with each renewal. */
export function createTestClient({ baseUrl, api, client = {} }: TestClientOptions): TestClient {
  const connector = defineTestConnector(api);
  const renewals: number[] = [];
  const limiter = createLimiter({ store: createMemoryRateStore() });
  const credentials = createCredentials(baseUrl, renewals);
  const provider = createProviderClient({ credentials, limiter, ...client });
  const { signal } = new AbortController();
  return {
    connector,
    renewals,
    get: (path, request) =>
      provider.send({ connector, connectionId: "c1", method: "GET", path, signal, ...request }),
    async [Symbol.asyncDispose]() {
      limiter.close();
      await provider.close();
    },
  };
}

function createCredentials(baseUrl: string, renewals: number[]): CredentialSource {
  let tokenVersion = 1;
  const current = (): Credential => ({
    connectionId: "c1",
    accessToken: `token-${tokenVersion}`,
    tokenVersion,
    baseUrl,
  });
  return {
    get(connectionId) {
      if (connectionId === "c1") return current();
      throw new AppError("connection_not_found", 404, `Connection ${connectionId} does not exist.`);
    },
    async renew(_, usedVersion) {
      renewals.push(usedVersion);
      if (usedVersion === tokenVersion) tokenVersion += 1;
      return current();
    },
  };
}
