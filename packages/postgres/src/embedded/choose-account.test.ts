import { expect, it } from "vitest";
import { findUnprivilegedAccount } from "./choose-account.ts";

const root = "root:x:0:0:root:/root:/bin/bash";

it("takes uid 65534 with its own group, whatever its name", () => {
  const passwd = `${root}\nnobody:x:99:99::/:/bin/false\nnfsnobody:x:65534:65533::/:/bin/false\n`;
  expect(findUnprivilegedAccount(passwd)).toEqual({ uid: 65_534, gid: 65_533 });
});

it("else takes the user named nobody", () => {
  expect(findUnprivilegedAccount(`${root}\nnobody:x:99:98::/:/bin/false`)).toEqual({
    uid: 99,
    gid: 98,
  });
});

it.each([root, "", "nobody:x:0:0::/:/bin/false", "nobody:*:-2:-2::/:/bin/false"])(
  "tells what to do where there is none: %j",
  (passwd) => {
    expect(() => findUnprivilegedAccount(passwd)).toThrow(/ordinary user, or set DATABASE_URL/);
  },
);
