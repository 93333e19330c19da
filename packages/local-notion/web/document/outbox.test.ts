import { expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

test("sends changes one after the other, in order", async () => {
  const sent: string[] = [];
  const { outbox, saved } = createOutbox();
  for (const name of ["one", "two", "three"]) {
    outbox.add({
      send: async () => {
        sent.push(`${name} begins`);
        await Promise.resolve();
        sent.push(`${name} ends`);
      },
    });
  }
  await saved();
  expect(sent).toEqual([
    "one begins",
    "one ends",
    "two begins",
    "two ends",
    "three begins",
    "three ends",
  ]);
});

test("keeps a failed change and all behind it until they are tried again", async () => {
  const sent: string[] = [];
  let isBroken = true;
  const { outbox, saved, failed } = createOutbox();
  outbox.add({
    send: async () => {
      if (isBroken) throw new Error("The disk is full.");
      sent.push("first");
    },
  });
  outbox.add({ send: async () => void sent.push("second") });
  await failed();
  expect(outbox.state.get()).toMatchObject({ kind: "failed", message: "The disk is full." });
  outbox.add({ send: async () => void sent.push("third") });
  expect(sent).toEqual([]);

  isBroken = false;
  outbox.retry();
  await saved();
  expect(sent).toEqual(["first", "second", "third"]);
});

test("sends a named change once, as long as the first has not begun", async () => {
  let sent = 0;
  const { outbox, saved } = createOutbox();
  const send = async () => {
    sent += 1;
    // Typed while it was on its way: that is a change of its own.
    if (sent === 1) outbox.add({ name: "text", send });
  };
  outbox.add({ name: "text", send }, 60_000);
  outbox.add({ name: "text", send }, 60_000);
  outbox.flush();
  await saved();
  expect(sent).toBe(2);
});

test("forgets what is given up", async () => {
  const { outbox, failed } = createOutbox();
  outbox.add({ send: () => Promise.reject(new Error("no")) });
  await failed();
  outbox.discard();
  expect(outbox.isEmpty).toBe(true);
  expect(outbox.state.get().kind).toBe("saved");
});

function createOutbox() {
  let onSaved = () => {};
  const done = new Promise<void>((resolve) => {
    onSaved = resolve;
  });
  const outbox = new Outbox(() => onSaved());
  const failed = () =>
    new Promise<void>((resolve) => {
      outbox.state.subscribe(() => outbox.state.get().kind === "failed" && resolve());
    });
  return { outbox, saved: () => done, failed };
}
