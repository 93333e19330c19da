import { isAbsolute } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

describe("configuration", () => {
  it("needs nothing for development", () => {
    const config = readConfig({});
    expect(config).toMatchObject({ port: 4780, url: "http://localhost:4780", production: false });
    expect(isAbsolute(config.dataDir)).toBe(true);
  });

  it("names every fault at once", () => {
    const read = () => readConfig({ PORT: "x", LOG_LEVEL: "loud", TENON_URL: "here" });
    for (const name of ["PORT", "LOG_LEVEL", "TENON_URL"]) expect(read).toThrow(name);
  });

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ DATABASE_URL: "", PORT: "" })).toMatchObject({
      databaseUrl: undefined,
      port: 4780,
    });
  });

  it("refuses production without keys and without its public URL", () => {
    expect(() => readConfig({ NODE_ENV: "production" })).toThrow(/TENON_KEYS/);
    expect(() => readConfig({ NODE_ENV: "production", TENON_KEYS: "k:x" })).toThrow(/TENON_URL/);
  });

  it("reads development keys by connector and refuses a wrong form", () => {
    const keys = { notion: { clientId: "id", clientSecret: "secret" } };
    expect(readConfig({ TENON_DEVELOPMENT_KEYS: JSON.stringify(keys) }).developmentKeys).toEqual(
      keys,
    );
    expect(() => readConfig({ TENON_DEVELOPMENT_KEYS: "{" })).toThrow(/must be JSON/);
    expect(() => readConfig({ TENON_DEVELOPMENT_KEYS: '{"notion":{}}' })).toThrow(/clientId/);
  });

  it("takes the TLS certificate and key together only", () => {
    expect(() => readConfig({ TENON_TLS_CERT: "c.pem" })).toThrow(/go together/);
    expect(readConfig({ TENON_TLS_CERT: "c", TENON_TLS_KEY: "k" }).url).toMatch(/^https:/);
  });
});
