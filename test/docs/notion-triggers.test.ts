import { notion } from "@tenon/notion";
import { expect, test } from "vitest";
import { renderTriggers } from "./notion-triggers.ts";

test("docs/notion-triggers.md says what the code says", async () => {
  await expect(renderTriggers(notion)).toMatchFileSnapshot("../../docs/notion-triggers.md");
});
