import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createBrowserBinding, sharedCookieDomain } from "./browser-binding.ts";

const ada = { projectId: "p-1", userId: "u-ada" };
const grace = { projectId: "p-1", userId: "u-grace" };

describe("browser binding", () => {
  it("proves each user whose sign-in the browser opened", () => {
    const binding = createBrowserBinding(randomBytes(32));
    const cookies = Object.fromEntries(
      [ada, grace].map((scope) => binding.create(scope)).map(({ name, value }) => [name, value]),
    );
    expect(binding.read({ ...cookies, other: "x" })).toEqual([ada, grace]);
  });

  it("proves nobody by a cookie that was changed, signed elsewhere or cut", () => {
    const binding = createBrowserBinding(randomBytes(32));
    const { name, value } = binding.create(ada);
    const foreign = createBrowserBinding(randomBytes(32)).create(ada).value;
    for (const forged of [
      value.replace("u-ada", "u-eve"),
      foreign,
      value.slice(0, -1),
      "",
      "a.b",
    ]) {
      expect(binding.read({ [name]: forged })).toEqual([]);
    }
  });

  it("proves nobody after ten minutes", () => {
    let now = 1_000_000;
    const binding = createBrowserBinding(randomBytes(32), () => now);
    const { name, value } = binding.create(ada);
    now += 10 * 60_000;
    expect(binding.read({ [name]: value })).toEqual([]);
  });

  it.each([
    ["localhost", "localhost", undefined],
    ["zeus.paragon.localhost", "passport.paragon.localhost", "paragon.localhost"],
    ["zeus.paragon.localhost", "paragon.localhost", "paragon.localhost"],
    ["zeus.evil.org", "passport.paragon.localhost", undefined],
    ["zeus.localhost", "localhost", undefined],
  ])("shares a cookie between %s and %s under %s", (requestHost, publicHost, domain) => {
    expect(sharedCookieDomain(requestHost, publicHost)).toBe(domain);
  });
});
