import { expect, it } from "vitest";
import { toStoredDate } from "./date-text.ts";

it.each([
  ["2026-07-01", null, "2026-07-01"],
  ["2026-07-04T16:57:28.513237Z", "UTC", "2026-07-04T16:57:00.000+00:00"],
  ["2026-06-27T17:57:32.424991", "Europe/London", "2026-06-27T17:57:00.000+01:00"],
  ["2026-01-27T17:57:32", "Europe/London", "2026-01-27T17:57:00.000+00:00"],
  ["2026-06-27T17:57:32-03:30", null, "2026-06-27T17:57:00.000-03:30"],
  ["2026-03-29T00:30:00", "Europe/Berlin", "2026-03-29T00:30:00.000+01:00"],
  ["2026-03-29T03:30:00", "Europe/Berlin", "2026-03-29T03:30:00.000+02:00"],
])("%s in %s is kept as %s", (text, zone, stored) => {
  expect(toStoredDate(text, zone)).toBe(stored);
});
