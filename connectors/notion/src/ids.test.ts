import { describe, expect, test } from "vitest";
import { parseBlockId, parseId, requireId } from "./ids.ts";

const id = "3ac0de10-ca1a-81d2-8a01-0000000000a1";
const bare = id.replaceAll("-", "");
const block = "3ac0de10-ca1a-81d2-8a01-0000000000b2";

describe("parseId", () => {
  test.each([
    id,
    bare,
    ` ${id.toUpperCase()} `,
    `https://www.notion.so/${bare}`,
    `https://www.notion.so/acme/Spring-release-${bare}?pvs=4`,
    `https://www.notion.so/Spring-release-${id}/`,
    `https://app.notion.com/p/Spring-release-${bare}`,
    `https://acme.notion.site/${bare}?v=${block.replaceAll("-", "")}`,
    `https://www.notion.so/${block.replaceAll("-", "")}?v=1&p=${bare}&pm=s`,
    `notion://www.notion.so/Spring-release-${bare}`,
    `https://www.notion.so/Spring-release-${bare}#${block.replaceAll("-", "")}`,
  ])("reads %s", (text) => {
    expect(parseId(text)).toBe(id);
  });

  test.each([
    "",
    "Spring release",
    bare.slice(1),
    `${bare}0`,
    "https://www.notion.so/acme/Spring-release",
    "https://www.notion.so/acme/x" + bare,
    42,
    undefined,
    null,
    { id },
  ])("finds none in %j", (value) => {
    expect(parseId(value)).toBeUndefined();
  });

  test("takes a deadbeef title for no id", () => {
    expect(parseId("https://www.notion.so/acme/deadbeef")).toBeUndefined();
  });
});

describe("parseBlockId", () => {
  test("means the block that a link points to within its page", () => {
    const link = `https://www.notion.so/Spring-release-${bare}#${block.replaceAll("-", "")}`;
    expect(parseBlockId(link)).toBe(block);
  });

  test("means the page where a link points to no block", () => {
    expect(parseBlockId(`https://www.notion.so/Spring-release-${bare}#top`)).toBe(id);
  });
});

test("an id that is none is refused with what to write", () => {
  expect(() => requireId("my page", "page")).toThrow(
    '"my page" is no page id: write the id, or the link that Notion copies for it.',
  );
});
