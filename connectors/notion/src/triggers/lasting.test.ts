import { expect, test } from "vitest";
import { samplePage } from "./sample.ts";
import { lasting, lastingMarkdown } from "./lasting.ts";
import { comparePages, pageState } from "./page-state.ts";

const hosted = (signature: string) =>
  `https://prod-files-secure.s3.us-west-2.amazonaws.com/a1/b2/plan.pdf?X-Amz-Expires=3600&X-Amz-Signature=${signature}&x-id=GetObject`;

test("links to hosted files last without their signature, other links as they are", () => {
  const file = (signature: string) => ({
    type: "file",
    file: { url: hosted(signature), expiry_time: `2026-07-0${signature}T10:00:00.000Z` },
  });
  expect(lasting([file("1")])).toEqual(lasting([file("2")]));
  const external = { type: "external", external: { url: "https://example.com/?page=1" } };
  expect(lasting(external)).toEqual(external);
});

test("people, groups, emojis and linked pages last without what they are called", () => {
  const shown = (name: string) => [
    { object: "user", id: "a", name, avatar_url: null, type: "person", person: {} },
    { object: "group", id: "b", name },
    { type: "custom_emoji", custom_emoji: { id: "c", name, url: `https://example.com/${name}` } },
    {
      type: "mention",
      mention: { type: "link_mention", link_mention: { href: "https://example.com", title: name } },
      annotations: { bold: false },
      plain_text: name,
      href: "https://example.com",
    },
  ];
  expect(lasting(shown("Ada"))).toEqual(lasting(shown("Ben")));
  const other = structuredClone(shown("Ada"));
  Object.assign(other[0] ?? {}, { id: "other" });
  expect(lasting(other)).not.toEqual(lasting(shown("Ada")));
});

test("Markdown lasts without signatures of files and names of what is mentioned", () => {
  const text = (name: string) =>
    `See <mention-page url="https://app.notion.com/p/1">${name}</mention-page> and ![A plan](${hosted(name)}).\n<pdf src="${hosted(name)}">A?</pdf> [x](https://example.com/?q=1)`;
  expect(lastingMarkdown(text("a"))).toBe(lastingMarkdown(text("b")));
  expect(lastingMarkdown(text("a"))).toContain("![A plan](https://prod-files-secure");
  expect(lastingMarkdown(text("a"))).toContain("https://example.com/?q=1");
});

test("a verification that expires is as it was; one that is taken back is not", () => {
  const verified = (state: string, date: object | null, by: object | null) => ({
    ...samplePage,
    properties: {
      Verification: {
        id: "verification",
        type: "verification",
        verification: { state, date, verified_by: by },
      },
    },
  });
  const date = { start: "2026-01-01", end: "2026-04-01" };
  const before = verified("verified", date, { object: "user", id: "a", name: "Ada" });
  const expired = verified("expired", date, { object: "user", id: "a", name: "Ada L." });
  const undone = verified("unverified", null, null);
  expect(pageState(expired)).toEqual(pageState(before));
  expect(comparePages(pageState(before), pageState(undone), undone)).toEqual({
    changes: ["properties"],
    unknown: [],
    details: { properties: [{ id: "verification", name: "Verification" }] },
  });
});
