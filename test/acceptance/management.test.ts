import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKeyText, storeApiKey } from "../../apps/server/src/identity/api-keys.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
beforeAll(async () => {
  tenon = await startTestTenon();
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

describe("management API", () => {
  it("keeps the Project ID that a product brings along, once", async () => {
    const id = "38b1f170-0000-4000-8000-000000000001";
    const body = { id, title: "Moved", allowedOrigins: ["https://app.example.com"] };
    const request = { token: tenon.instanceKey, method: "POST", body };
    const first = await tenon.call("/api/projects", request);
    expect([first.status, first.body]).toEqual([
      201,
      expect.objectContaining({ id, title: "Moved" }),
    ]);
    const second = await tenon.call("/api/projects", request);
    expect([second.status, second.body.code]).toEqual([409, "conflict"]);
  });

  it("shows a private signing key once and keeps only the public one", async () => {
    const path = `/api/projects/${tenon.projectId}/signing-keys`;
    const created = await tenon.manage("POST", path, { title: "Backend" });
    expect(created.privateKey).toMatch(/BEGIN PRIVATE KEY/);
    const { signingKeys } = await tenon.manage("GET", path);
    expect(JSON.stringify(signingKeys)).not.toMatch(/PRIVATE/);
    const { rows } = await tenon.database.pool.query("select * from signing_keys");
    expect(JSON.stringify(rows)).not.toMatch(/PRIVATE/);
  });

  it("verifies tokens with a public key that the customer already has", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const path = `/api/projects/${tenon.projectId}/signing-keys`;
    const created = await tenon.manage("POST", path, { publicKey: pem });
    expect(created).toMatchObject({ privateKey: null, publicKey: pem });
  });

  it.each([
    ["a private key", () => rsaPem("private"), /private key/],
    ["an EC key", () => ecPem(), /RSA/],
    ["no key", () => "hello", /not a public key/],
  ])("refuses %s as a public key", async (_name, make, words) => {
    const answer = await tenon.call(`/api/projects/${tenon.projectId}/signing-keys`, {
      token: tenon.instanceKey,
      method: "POST",
      body: { publicKey: make() },
    });
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(answer.body.message).toMatch(words);
  });

  it("stops a signing key's tokens at once when it is revoked, and others go on", async () => {
    const project = await tenon.createProject("Rotating");
    const path = `/api/projects/${project.projectId}/signing-keys`;
    const me = `/projects/${project.projectId}/sdk/me`;
    const token = await project.signToken("ada");
    expect((await tenon.call(me, { token })).status).toBe(200);
    await tenon.manage("DELETE", `${path}/${project.signingKeyId}`);
    const refused = await tenon.call(me, { token });
    expect([refused.status, refused.body.code]).toEqual([401, "user_token_invalid"]);
    const { signingKeys } = await tenon.manage("GET", path);
    expect(signingKeys[0].dateRevoked).toEqual(expect.any(String));
  });

  it("seals a client secret, never shows it, and forgets it with the client id", async () => {
    const path = `/api/projects/${tenon.projectId}/integrations/notion`;
    const clientSecret = "secret_very_secret";
    const set = await tenon.manage("PUT", path, { clientId: "own-app", clientSecret });
    expect(set).toMatchObject({ clientId: "own-app", clientSecretSet: true, isActive: true });
    expect(set.redirectUrl).toBe(`${tenon.url}/oauth`);
    const { rows } = await tenon.database.pool.query(
      "select sealed_client_secret from integrations where client_id = 'own-app'",
    );
    expect(rows[0].sealed_client_secret.includes(clientSecret)).toBe(false);
    const cleared = await tenon.manage("PUT", path, { clientId: null });
    expect(cleared).toMatchObject({ clientId: null, clientSecretSet: false });
  });

  it("lets a project's key see and change that project only", async () => {
    const other = await tenon.createProject("Other");
    const key = createApiKeyText();
    await storeApiKey(tenon.tenon.services.apiKeys, key, {
      projectId: tenon.projectId,
      title: "Own",
    });
    const { body } = await tenon.call("/api/projects", { token: key });
    expect(body.projects.map((one: { id: string }) => one.id)).toEqual([tenon.projectId]);
    for (const path of ["", "/signing-keys", "/integrations"]) {
      const answer = await tenon.call(`/api/projects/${other.projectId}${path}`, { token: key });
      expect([answer.status, answer.body.code]).toEqual([404, "project_not_found"]);
    }
    const created = await tenon.call("/api/projects", {
      token: key,
      method: "POST",
      body: { title: "Mine" },
    });
    expect([created.status, created.body.code]).toEqual([401, "api_key_invalid"]);
  });

  it.each([undefined, "tenon_wrong", "abc"])("refuses the API key %s", async (token) => {
    const answer = await tenon.call("/api/projects", { token });
    expect([answer.status, answer.body.code]).toEqual([401, "api_key_invalid"]);
  });

  it("does not take a user token for an API key", async () => {
    const answer = await tenon.call("/api/projects", { token: await tenon.signToken("ada") });
    expect(answer.status).toBe(401);
  });

  it("names every fault of a request body with the request's id", async () => {
    const answer = await tenon.call("/api/projects", {
      token: tenon.instanceKey,
      method: "POST",
      body: { title: "", allowedOrigins: ["example.com/x"], extra: 1 },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe("invalid_request");
    for (const place of ["body.title", "body.allowedOrigins.0"]) {
      expect(answer.body.message).toContain(place);
    }
    expect(answer.body.meta.requestId).toBe(answer.headers.get("x-tenon-request-id"));
  });

  it.each(["{", '{"title":"x","__proto__":{"a":1}}'])("refuses the body %s", async (body) => {
    const request = { token: tenon.instanceKey, method: "POST", body };
    const answer = await tenon.call("/api/projects", request);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(answer.body.message).toMatch(/not valid JSON/);
  });

  it("refuses a body over its limit", async () => {
    const body = { title: "x".repeat(2_000_000) };
    const answer = await tenon.call("/api/projects", {
      token: tenon.instanceKey,
      method: "POST",
      body,
    });
    expect([answer.status, answer.body.code]).toEqual([413, "payload_too_large"]);
  });
});

describe("operations", () => {
  it("answers health, readiness and metrics", async () => {
    expect((await tenon.call("/healthz", {})).body.status).toBe("ok");
    expect((await tenon.call("/readyz", {})).body.status).toBe("ready");
    expect((await tenon.call("/metrics", {})).text).toContain("tenon_http_request_seconds");
  });

  it("describes every endpoint of the API, each with a unique id", async () => {
    const { body } = await tenon.call("/openapi.json", {});
    expect(body.openapi).toBe("3.1.0");
    const operations = Object.values(body.paths).flatMap((item) => Object.values(item as object));
    const ids = operations.map((operation) => operation.operationId);
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("answers an unknown address with an error of ours", async () => {
    const answer = await tenon.call("/nothing/here", {});
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  });
});

function rsaPem(kind: "private"): string {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  })[`${kind}Key`];
}

function ecPem(): string {
  return generateKeyPairSync("ec", { namedCurve: "P-256" })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();
}
