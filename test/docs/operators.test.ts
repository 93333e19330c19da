import { expect, test } from "vitest";
import { renderOperators } from "./operators.ts";

test("docs/operators.md says what the code says", async () => {
  await expect(renderOperators()).toMatchFileSnapshot("../../docs/operators.md");
});
