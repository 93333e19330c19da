import { expect, test } from "vitest";
import type { ExistingConnection } from "./authorization.ts";
import { placeAccount } from "./place-account.ts";

const epoch = new Date(0);
const connection = (
  accountId: string,
  facts: { externalId?: string; status?: "VALID" | "INVALID" } = {},
): ExistingConnection => ({
  id: `id-of-${accountId}`,
  projectId: "project",
  integrationId: "integration",
  connectorId: "notion",
  userId: "user",
  externalId: facts.externalId ?? null,
  status: facts.status ?? "VALID",
  invalidReason: null,
  accountId,
  providerData: {},
  clientId: "client",
  baseUrl: "https://provider.example",
  tokenVersion: 1,
  expiresAt: null,
  refreshedAt: epoch,
  refreshFailureCount: 0,
  createdAt: epoch,
  updatedAt: epoch,
  configurations: [],
  sealedTokens: Buffer.of(),
});
const a = connection("a", { externalId: "team-a" });
const b = connection("b");

test("the first account makes a new connection with the external id asked for", () => {
  expect(placeAccount("a", [], {})).toEqual({ existing: undefined, externalId: null });
  expect(placeAccount("a", [], { externalId: "x" })).toEqual({
    existing: undefined,
    externalId: "x",
  });
});

test("an account that is connected already goes to its connection and keeps its external id", () => {
  for (const options of [
    {},
    { allowMultipleCredentials: true },
    { externalId: "other" },
    { selectedCredentialId: b.id },
  ]) {
    expect(placeAccount("a", [a, b], options)).toEqual({ existing: a, externalId: "team-a" });
  }
});

test("an account without an external id gets the one asked for, unless another has it", () => {
  expect(placeAccount("b", [a, b], { externalId: "new" }).externalId).toBe("new");
  expect(placeAccount("b", [a, b], { externalId: "team-a" }).externalId).toBeNull();
});

test("the selected connection gets another account", () => {
  const options = { selectedCredentialId: "ext:team-a", allowMultipleCredentials: true };
  expect(placeAccount("c", [b, a], options)).toEqual({ existing: a, externalId: "team-a" });
});

test("a selected connection that is gone makes a new one and replaces no other", () => {
  const gone = { selectedCredentialId: "gone" };
  expect(placeAccount("c", [a, b], gone)).toEqual({ existing: undefined, externalId: null });
});

test("an external id in use names the connection to replace", () => {
  const options = { externalId: "team-a", allowMultipleCredentials: true };
  expect(placeAccount("c", [b, a], options)).toEqual({ existing: a, externalId: "team-a" });
});

test("several accounts are kept only where that is asked for", () => {
  expect(placeAccount("c", [a, b], { allowMultipleCredentials: true }).existing).toBeUndefined();
  expect(placeAccount("c", [a, b], {}).existing).toBe(a);
  const ended = connection("z", { status: "INVALID" });
  expect(placeAccount("c", [ended, b], {}).existing).toBe(b);
});

test("a selected connection does not take an external id from another", () => {
  const options = { selectedCredentialId: b.id, externalId: "team-a" };
  expect(placeAccount("c", [a, b], options)).toEqual({ existing: b, externalId: null });
});
