import { expect, test } from "vitest";
import { selectConnection } from "./select-connection.ts";

const idOf = (digit: number) => `0191d2f0-0000-7000-8000-00000000000${digit}`;
const connection = (digit: number, status: "VALID" | "INVALID", externalId: string | null) => ({
  id: idOf(digit),
  status,
  externalId,
});
const owned = [
  connection(1, "INVALID", "first"),
  connection(2, "VALID", "ext:second"),
  connection(3, "VALID", null),
  connection(4, "VALID", idOf(3)),
];

test("without a selector the oldest VALID connection is meant", () => {
  expect(selectConnection(owned)?.id).toBe(idOf(2));
});

test("without a selector and with none VALID, the oldest is meant", () => {
  expect(selectConnection(owned.slice(0, 1))?.id).toBe(idOf(1));
  expect(selectConnection([])).toBeUndefined();
});

test.each([
  [idOf(1), 1],
  [idOf(3).toUpperCase(), 3],
  ["first", 1],
  ["ext:first", 1],
  ["ext:ext:second", 2],
  [`ext:${idOf(3)}`, 4],
])("the selector %s names one connection", (selector, digit) => {
  expect(selectConnection(owned, selector)?.id).toBe(idOf(digit));
});

test("an id is preferred to an external id of the same text", () => {
  expect(selectConnection(owned, idOf(3))?.externalId).toBeNull();
});

test.each(["", "unknown", "ext:", "ext:second", idOf(9)])("the selector %j names none", (it) => {
  expect(selectConnection(owned, it)).toBeUndefined();
});
