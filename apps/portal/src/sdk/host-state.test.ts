import { describe, expect, test } from "vitest";
import { parseHostState } from "./host-state.ts";

const user = { authenticated: true, token: "token", integrations: {} };

describe("parseHostState", () => {
  test("what is missing or malformed reads as absent", () => {
    const absent = { user: undefined, request: undefined };
    for (const message of [
      {},
      { nextContext: null, nextModalState: "x" },
      { nextContext: { user: { authenticated: false } }, nextModalState: { integration: null } },
      { nextContext: { user }, nextModalState: { integration: {} } },
      { nextContext: { user: { ...user, token: 7 }, projectId: "p" } },
    ]) {
      expect(parseHostState(message)).toEqual(absent);
    }
  });

  test("a custom integration goes by its slug, as in the SDK", () => {
    const typeOf = (customIntegration: unknown) =>
      parseHostState({
        nextModalState: { integration: { id: "i", type: "custom", customIntegration } },
      }).request?.type;
    expect(typeOf({ slug: "custom.crm" })).toBe("custom.crm");
    expect(typeOf({ name: "My_own CRM!" })).toBe("custom.myowncrm");
    expect(typeOf({})).toBeUndefined();
  });

  test("an account is named by its workspace, else by its owner, else by its externalId", () => {
    const nameOf = (credential: Record<string, unknown>) =>
      parseHostState({
        nextContext: {
          projectId: "p",
          user: {
            ...user,
            integrations: { notion: { allCredentials: [{ id: "c", ...credential }] } },
          },
        },
        nextModalState: { integration: { id: "i", type: "notion" } },
      }).request?.accounts[0]?.name;
    const providerData = { workspaceName: "Acme HQ", userEmail: "ada@acme.example" };
    expect(nameOf({ providerData })).toBe("Acme HQ");
    expect(nameOf({ providerData: { ...providerData, workspaceName: "" } })).toBe(
      "ada@acme.example",
    );
    expect(nameOf({ externalId: "hq" })).toBe("hq");
    expect(nameOf({})).toBeUndefined();
  });

  test("an error is read in whichever form the SDK passes it on", () => {
    const errorOf = (connectionError: unknown) =>
      parseHostState({
        nextModalState: { integration: { id: "i", type: "notion" }, connectionError },
      }).request?.connectionError;
    const known = { message: "It is down.", code: "provider_unavailable" };
    expect(errorOf({ type: "oauth_error_callback", error: "x", errorResponse: known })).toEqual(
      known,
    );
    expect(errorOf({ error: "It is down." })).toEqual({ message: "It is down.", code: undefined });
    expect(errorOf(new Error(JSON.stringify({ ...known, status: 502 })))).toEqual(known);
    expect(errorOf(new Error("Failed to fetch"))).toEqual({
      message: "Failed to fetch",
      code: undefined,
    });
    expect(errorOf({})).toBeUndefined();
  });
});
