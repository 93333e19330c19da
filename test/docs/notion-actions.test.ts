import { notion } from "@tenon/notion";
import { expect, test } from "vitest";
import { renderActions } from "./notion-actions.ts";

test("docs/notion-actions.md says what the code says", async () => {
  await expect(renderActions(notion)).toMatchFileSnapshot("../../docs/notion-actions.md");
});
