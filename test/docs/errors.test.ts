import { expect, test } from "vitest";
import { renderErrors } from "./errors.ts";

test("docs/errors.md says what the code says", async () => {
  await expect(renderErrors()).toMatchFileSnapshot("../../docs/errors.md");
});
