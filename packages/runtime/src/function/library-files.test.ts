import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { builtInModules, functionLibraries, librariesIn } from "./library-files.ts";
import { functionHarness } from "./testing/function-harness.ts";

const { run, resultOf, failureOf } = functionHarness(1);

const uses: Record<string, { code: string; result: unknown }> = {
  lodash: { code: "_ => _.chunk([1, 2, 3], 2)", result: [[1, 2], [3]] },
  dayjs: {
    code: "dayjs => [dayjs('2024-02-29').add(1, 'year').format('YYYY-MM-DD'), dayjs.utc(0).tz('Asia/Tokyo').format(), dayjs('3/2024', 'M/YYYY').month(), dayjs.duration(100, 'minutes').humanize()]",
    result: ["2025-02-28", "1970-01-01T09:00:00+09:00", 2, "2 hours"],
  },
  luxon: {
    code: "({ DateTime }) => [DateTime.fromISO('2024-07-01T12:00:00Z', { zone: 'Europe/Paris' }).toISO(), DateTime.fromMillis(0).setLocale('fr').toLocaleString(DateTime.DATE_FULL), DateTime.local().zoneName]",
    result: ["2024-07-01T14:00:00.000+02:00", "1 janvier 1970", "UTC"],
  },
  "date-fns": {
    code: "({ format, addDays }) => format(addDays(new Date(0), 40), 'd MMMM yyyy')",
    result: "10 February 1970",
  },
  ramda: { code: "R => R.pipe(R.map(R.inc), R.sum)([1, 2])", result: 5 },
  qs: {
    code: "qs => [qs.parse('a[b]=1&a[c]=2'), qs.stringify({ a: [1] })]",
    result: [{ a: { b: "1", c: "2" } }, "a%5B0%5D=1"],
  },
  papaparse: {
    code: "Papa => [Papa.parse('a,b\\n1,\"x,y\"', { header: true }).data, Papa.unparse([{ a: 1 }])]",
    result: [[{ a: "1", b: "x,y" }], "a\r\n1"],
  },
  "fast-xml-parser": {
    code: "({ XMLParser, XMLBuilder }) => [new XMLParser().parse('<a><b>1</b></a>'), new XMLBuilder().build({ a: 1 })]",
    result: [{ a: { b: 1 } }, "<a>1</a>"],
  },
  marked: {
    code: "({ marked }) => marked.parse('# A\\n*b*')",
    result: "<h1>A</h1>\n<p><em>b</em></p>\n",
  },
  mustache: {
    code: "mustache => mustache.render('{{a}} {{#l}}{{.}}{{/l}}', { a: '<', l: [1, 2] })",
    result: "&lt; 12",
  },
  "big.js": { code: "Big => new Big('0.1').plus('0.2').toFixed(2)", result: "0.30" },
};

const versionOf = async (name: string) => {
  const file = findPackageJSON(name, import.meta.url);
  const json: unknown = JSON.parse(await readFile(file ?? "", "utf8"));
  return z.object({ version: z.string() }).parse(json).version;
};

describe.each(functionLibraries)("$name", ({ name, aliases }) => {
  const { code = "", result } = uses[name] ?? {};

  it("works, by each of its names and each way to get it", async () => {
    const results = [`(p, libraries) => (${code})(libraries[${JSON.stringify(name)}])`];
    for (const id of [name, ...aliases]) {
      results.push(`(p, libraries) => (${code})(libraries[${JSON.stringify(id)}])`);
      results.push(`() => (${code})(require(${JSON.stringify(id)}))`);
    }
    results.push(
      `import library from ${JSON.stringify(name)}; export default () => (${code})(library)`,
    );
    results.push(`async () => (${code})((await import(${JSON.stringify(name)})).default)`);
    for (const way of results) expect(await resultOf(way)).toEqual(result);
  });
});

describe("libraries", () => {
  it("are loaded where their names are put together at run time, too", async () => {
    expect(await resultOf("(p, l) => l['lod' + 'ash'].VERSION")).toBe(await versionOf("lodash"));
  });

  it("can be imported by parts", async () => {
    expect(
      await resultOf(
        "import { sum, chunk as c } from 'lodash'; export default () => sum(c([1, 2], 2)[0])",
      ),
    ).toBe(3);
    const missing = await failureOf(
      "import { nothing } from 'lodash'; export default () => nothing",
    );
    expect(missing.message).toContain("nothing");
  });

  it("that are not there are told, with what does the same", async () => {
    expect((await failureOf("() => require('moment')")).message).toContain(
      "dayjs and luxon do the same",
    );
    expect((await failureOf("() => require('axios')")).message).toContain("Request");
    expect((await failureOf("() => require('left-pad')")).message).toContain("There are: lodash");
  });

  it("can be listed without being loaded", async () => {
    const names = await resultOf("(p, libraries) => Object.keys(libraries)");
    expect(names).toEqual(
      expect.arrayContaining([...functionLibraries.map(({ name }) => name), "crypto", "uuid"]),
    );
  });

  it("say nothing on the user's console when they are loaded", async () => {
    const { result, console } = await run("(p, libraries) => Object.values(libraries).length");
    expect(result).toBeGreaterThan(functionLibraries.length);
    expect(console).toEqual([]);
  });

  it("are found in code by their names", () => {
    expect(librariesIn("libraries.dateFns.format(_.now(), moment)")).toEqual(["date-fns"]);
    expect(librariesIn("import R from 'ramda'; require('lodash')")).toEqual(["lodash", "ramda"]);
    expect(librariesIn("() => 1")).toEqual([]);
  });

  it("of the sandbox's own make ids", async () => {
    const code =
      "(p, { uuid }) => [uuid.v5('https://example.com/', uuid.v5.URL), uuid.validate(uuid.v4()), uuid.v7() < uuid.v7().replace(/^./, 'f'), uuid.validate('x')]";
    expect(await resultOf(code)).toEqual([
      "dd2c1780-811a-5296-81c5-178a0ef488bc",
      true,
      true,
      false,
    ]);
  });
});

describe("docs/functions.md", () => {
  const rows = async () => {
    const text = await readFile(new URL("../../../../docs/functions.md", import.meta.url), "utf8");
    return [...text.matchAll(/^\| \[([^\]]+)\]\([^)]*\) \| ([\d.]+) \| (.*) \|$/gm)];
  };

  it("lists each library with the version that runs", async () => {
    const listed = (await rows()).map(([, name, version]) => [name, version]);
    const expected = functionLibraries.map(async ({ name }) => [name, await versionOf(name)]);
    expect(listed).toEqual(await Promise.all(expected));
  });

  it("lists each name of each library", async () => {
    const listed = (await rows()).map(([, , , names]) => names);
    const expected = functionLibraries.map(({ name, aliases }) =>
      [name, ...aliases]
        .map((id) => (/^[\w$]+$/.test(id) ? `\`libraries.${id}\`` : `\`libraries["${id}"]\``))
        .join(", "),
    );
    expect(listed).toEqual(expected);
  });

  it("lists the modules of the sandbox's own", async () => {
    const text = await readFile(new URL("../../../../docs/functions.md", import.meta.url), "utf8");
    for (const name of builtInModules) expect(text).toContain(`\`libraries.${name}\``);
  });
});
