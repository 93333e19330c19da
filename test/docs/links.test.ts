import { readFile, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import * as contract from "@tenon/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { usage } from "../../apps/server/src/commands/usage.ts";
import { anchorsOf, type Page, readPages, root, withoutCode } from "./markdown.ts";

let pages: Page[];
let scripts: Set<string>;
beforeAll(async () => {
  pages = await readPages();
  const { scripts: all } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  // What npm runs without a script of its own.
  scripts = new Set([...Object.keys(all), "ci"]);
});

/** What is wrong on all pages, each line naming its page. */
async function faultsOf(find: (page: Page) => string[] | Promise<string[]>): Promise<string[]> {
  const found = await Promise.all(
    pages.map(async (page) => (await find(page)).map((fault) => `${page.path}: ${fault}`)),
  );
  return found.flat();
}

describe("the docs", () => {
  it("link to files and headings that exist", async () => {
    expect(await faultsOf(brokenLinks)).toEqual([]);
  });

  it("name npm scripts that exist", async () => {
    const unknown = ({ text }: Page) =>
      [...text.matchAll(/\bnpm (?:run (?:-s )?)?(start|test|ci|(?<=run (?:-s )?)[\w:-]+)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !scripts.has(name));
    expect(await faultsOf(unknown)).toEqual([]);
  });

  it("name commands and options of tenon that its usage tells of", async () => {
    expect(await faultsOf(unknownCommands)).toEqual([]);
  });

  it("name endpoints that the API has", async () => {
    expect(await faultsOf(unknownEndpoints)).toEqual([]);
  });
});

async function brokenLinks({ path, text }: Page): Promise<string[]> {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
  const broken = await Promise.all(
    targets.map(async (target) => {
      const [file = "", anchor] = target.split("#");
      const linked = file === "" ? path : normalize(join(dirname(path), file));
      const isThere = await stat(join(root, linked)).catch(() => undefined);
      if (!isThere) return [target];
      if (anchor === undefined) return [];
      const anchors = anchorsOf(await readFile(join(root, linked), "utf8"));
      return anchors.has(anchor) ? [] : [target];
    }),
  );
  return broken.flat();
}

/** Commands are written as `tenon …` or `npm run tenon -- …`; workflows have commands of their own. */
const called = /(?:`tenon|tenon --) ((?:workflow )?[a-z-]+)((?: +[^`\n|&]*)?)/g;

function unknownCommands({ text }: Page): string[] {
  return [...text.matchAll(called)].flatMap(([whole, command = "", rest = ""]) => {
    if (!isCommand(command)) return [whole];
    const options = [...rest.matchAll(/(?<=\s)--[a-z]+/g)].map(([option]) => option);
    return options
      .filter((option) => !usage.includes(option))
      .map((option) => `${whole}: ${option}`);
  });
}

function isCommand(command: string): boolean {
  const [group, name] = command.split(" ");
  const lines = usage.split("\n").filter((line) => line.startsWith(`  ${group}`));
  if (group !== "workflow" || name === undefined) return lines.length > 0;
  return lines.some((line) => line.trim().split(" ")[1]?.split("|").includes(name));
}

interface Route {
  method: string;
  segments: string[];
}

/** Every endpoint of the contract: its modules export them one by one. */
const routes: Route[] = Object.values(contract)
  .flatMap((module): unknown[] => Object.values(module))
  .flatMap((one) =>
    isEndpoint(one) ? { method: one.method, segments: segmentsOf(one.path) } : [],
  );

function isEndpoint(value: unknown): value is { method: string; path: string } {
  return typeof value === "object" && value !== null && "method" in value && "path" in value;
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Endpoints are written as `GET /whole/path/<id>`, or `GET …/end/of/it`. */
function unknownEndpoints({ text }: Page): string[] {
  return [...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (…?)(\/[^`?]*)/g)]
    .filter(([, method = "", start, path = ""]) => {
      const segments = segmentsOf(path);
      return !routes.some(
        (route) =>
          route.method === method &&
          (start !== "" || route.segments.length === segments.length) &&
          segments.length <= route.segments.length &&
          route.segments.slice(-segments.length).every((one, at) => isSame(one, segments[at])),
      );
    })
    .map(([whole]) => whole);
}

function isSame(segment: string, written = ""): boolean {
  return segment.startsWith("{") ? /^(<.*>|:\w+|notion)$/.test(written) : segment === written;
}
