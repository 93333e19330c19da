import { describe, expect, test } from "vitest";
import { parseMarkdown } from "./parse-markdown.ts";

const text = (value: string) => ({ kind: "text", text: value });

describe("parseMarkdown", () => {
  test("reads headings, paragraphs and lists", () => {
    const source =
      "# What you get\nFirst line\nsame paragraph\n\n- one\n  goes on\n- two\n\n1. first\n2) second";
    expect(parseMarkdown(source)).toEqual([
      { kind: "heading", content: [text("What you get")] },
      { kind: "paragraph", content: [text("First line same paragraph")] },
      { kind: "list", isOrdered: false, items: [[text("one goes on")], [text("two")]] },
      { kind: "list", isOrdered: true, items: [[text("first")], [text("second")]] },
    ]);
  });

  test("reads bold, italic, code and links, and leaves words with underscores alone", () => {
    expect(parseMarkdown("*b* _c_ `*d*` snake_case_name [e](https://e.example/?a=1)")).toEqual([
      {
        kind: "paragraph",
        content: [
          { kind: "emphasis", content: [text("b")] },
          text(" "),
          { kind: "emphasis", content: [text("c")] },
          text(" "),
          { kind: "code", text: "*d*" },
          text(" snake_case_name "),
          { kind: "link", url: "https://e.example/?a=1", content: [text("e")] },
        ],
      },
    ]);
    expect(parseMarkdown("**bold with `code`**")).toEqual([
      {
        kind: "paragraph",
        content: [
          { kind: "strong", content: [text("bold with "), { kind: "code", text: "code" }] },
        ],
      },
    ]);
  });

  test("a link that is not http, https or mailto keeps its words only", () => {
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "//e.example",
      "/path",
      "JAVASCRIPT:x",
    ]) {
      expect(parseMarkdown(`[words](${url})`)).toEqual([
        { kind: "paragraph", content: [text("words")] },
      ]);
    }
  });

  test("HTML and images stay text", () => {
    expect(parseMarkdown("<b>x</b> ![logo](https://e.example/x.png)")).toEqual([
      { kind: "paragraph", content: [text("<b>x</b> "), text("logo")] },
    ]);
  });

  test("long runs of marks are read in time", () => {
    for (const mark of ["*", "_", "`", "[", "**a", "[a]("]) {
      expect(parseMarkdown(mark.repeat(20_000 / mark.length)).length).toBe(1);
    }
  });
});
