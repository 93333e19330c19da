import {
  plain,
  plainAnnotations,
  type Annotations,
  type RichText,
} from "../rich-text/rich-text.ts";

export interface SeedBlock {
  type: string;
  content: Record<string, unknown>;
  children?: SeedBlock[];
}

export interface SeedPage {
  title: string;
  icon?: string;
  blocks?: SeedBlock[];
  /** Whether the database of tasks is below its blocks. */
  hasDatabase?: boolean;
  pages?: SeedPage[];
}

type Text = string | RichText[];

function rich(text: Text): RichText[] {
  return typeof text === "string" ? [plain(text)] : text;
}

function mark(text: string, annotations: Partial<Annotations>): RichText {
  return plain(text, annotations);
}

function link(text: string, url: string): RichText {
  return { type: "text", text: { content: text, link: { url } }, annotations: plainAnnotations };
}

function written(type: string, text: Text, extra: object = {}): SeedBlock {
  return { type, content: { rich_text: rich(text), ...extra, color: "default" } };
}

const paragraph = (text: Text): SeedBlock => written("paragraph", text, { icon: null });
const heading = (level: 1 | 2 | 3, text: Text): SeedBlock =>
  written(`heading_${level}`, text, { is_toggleable: false });
const bullet = (text: Text, children: SeedBlock[] = []): SeedBlock => ({
  ...written("bulleted_list_item", text),
  children,
});
const step = (text: Text): SeedBlock => written("numbered_list_item", text);
const todo = (text: Text, checked = false): SeedBlock => written("to_do", text, { checked });
const quote = (text: Text): SeedBlock => written("quote", text);
const toggle = (text: Text, children: SeedBlock[]): SeedBlock => ({
  ...written("toggle", text),
  children,
});
const divider: SeedBlock = { type: "divider", content: {} };

function callout(emoji: string, text: Text, color: string): SeedBlock {
  return {
    type: "callout",
    content: { rich_text: rich(text), icon: { type: "emoji", emoji }, color },
  };
}

function code(language: string, text: string): SeedBlock {
  return { type: "code", content: { caption: [], rich_text: rich(text), language } };
}

function table(rows: string[][]): SeedBlock {
  return {
    type: "table",
    content: {
      table_width: rows[0]?.length ?? 1,
      has_column_header: true,
      has_row_header: false,
    },
    children: rows.map((row) => ({
      type: "table_row",
      content: { cells: row.map((cell) => rich(cell)) },
    })),
  };
}

function columns(...contents: SeedBlock[][]): SeedBlock {
  const children = contents.map((content) => ({ type: "column", content: {}, children: content }));
  return { type: "column_list", content: {}, children };
}

const welcome: SeedPage = {
  title: "Welcome to Acme",
  icon: "👋",
  blocks: [
    paragraph([
      plain("This is "),
      mark("Local Notion", { bold: true }),
      plain(": a workspace on your own machine that answers the API as Notion does. Nothing you "),
      mark("write here", { italic: true }),
      plain(" leaves it."),
    ]),
    callout(
      "💡",
      "Edit this page, or let a program edit it. It changes before your eyes.",
      "blue_background",
    ),
    heading(2, "Try it"),
    todo("Start Local Notion", true),
    todo("Connect an app"),
    todo("Create a page through the API"),
    heading(2, "A request"),
    code(
      "shell",
      'curl http://127.0.0.1:4781/v1/users/me \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "Notion-Version: 2026-03-11"',
    ),
    divider,
    paragraph([
      plain("What each endpoint takes is in "),
      link("Notion's reference", "https://developers.notion.com/reference"),
      plain("; what is served here is in the README."),
    ]),
  ],
};

const notes: SeedPage = {
  title: "Meeting notes",
  icon: "🗒️",
  blocks: [paragraph("One page for each meeting, the newest first.")],
  pages: [
    {
      title: "Kick-off, spring release",
      blocks: [
        heading(2, "Who was there"),
        bullet("Ada Acker"),
        bullet("Ben Brook"),
        heading(2, "Decided"),
        step("Ship the importer first."),
        step("Measure before tuning."),
        step([mark("No", { bold: true }), plain(" meetings on Fridays.")]),
        heading(2, "Open"),
        todo("Ben writes to the pilot customers"),
        todo("Ada books the room", true),
        quote("If it needs a manual, it is not done."),
      ],
    },
    {
      title: "Weekly, 12 May",
      blocks: [
        paragraph("Short one."),
        toggle("Numbers", [
          table([
            ["Week", "Signed up", "Stayed"],
            ["18", "120", "41"],
            ["19", "136", "52"],
          ]),
        ]),
        bullet("Next week", [bullet("Importer in review"), bullet("Docs for the pilot")]),
      ],
    },
  ],
};

const roadmap: SeedPage = {
  title: "Roadmap",
  hasDatabase: true,
  icon: "🧭",
  blocks: [
    paragraph("What we are at, what comes next, and what waits."),
    columns(
      [heading(3, "Now"), bullet("Importer"), bullet("Faster search")],
      [heading(3, "Next"), bullet("Shared drafts"), bullet("Mobile reading")],
      [heading(3, "Later"), bullet("Offline")],
    ),
    heading(2, "How we choose"),
    { type: "equation", content: { expression: "value = \\frac{reach \\times gain}{effort}" } },
    paragraph([
      mark("Reach", { code: true }),
      plain(" is people a week, "),
      mark("gain", { code: true }),
      plain(" is minutes saved."),
    ]),
  ],
};

const handbook: SeedPage = {
  title: "Handbook",
  icon: "📗",
  blocks: [{ type: "table_of_contents", content: { color: "gray" } }, heading(1, "How we work")],
  pages: [
    { title: "Holidays", icon: "🏖️", blocks: [paragraph("Thirty days. Tell the others early.")] },
    {
      title: "Expenses",
      icon: "🧾",
      blocks: [
        paragraph([
          plain("Up to "),
          mark("50 €", { bold: true, color: "green" }),
          plain(" just buy it."),
        ]),
        {
          type: "bookmark",
          content: { caption: rich("Where receipts go"), url: "https://acme.example/receipts" },
        },
      ],
    },
  ],
};

/** The pages of the workspace a first start shows. */
export const examplePages: readonly SeedPage[] = [welcome, notes, roadmap, handbook];
