import { afterEach, describe, expect, it } from "vitest";
import { functionLimits } from "./function-call.ts";
import { functionHarness } from "./testing/function-harness.ts";

const { runner, run, resultOf, failureOf } = functionHarness(1);

/** Whatever was done, the next function of the same thread finds everything as it should be. */
const probe = `(parameters, libraries) => ({
  globals: Object.keys(globalThis),
  pollution: [{}.polluted, [].polluted, (() => {}).polluted, "".polluted, globalThis.polluted].filter(Boolean),
  json: JSON.stringify({ a: [1, new Date(0)] }),
  array: [3, 1, 2].map((x) => x + 1).sort(),
  lodash: libraries.lodash.sum([1, 2]),
  random: typeof Math.random(),
  promise: Object.prototype.toString.call(Promise.resolve()),
})`;
const clean = {
  globals: [],
  pollution: [],
  json: '{"a":[1,"1970-01-01T00:00:00.000Z"]}',
  array: [2, 3, 4],
  lodash: 3,
  random: "number",
  promise: "[object Promise]",
};

afterEach(async () => {
  expect(await resultOf(probe)).toEqual(clean);
});

describe("code that does not end", () => {
  it.each([
    ["a loop", "() => { for (;;); }"],
    ["a loop at the top, outside of the function", "for (;;); () => 1"],
    ["a loop in a promise job", "() => Promise.resolve().then(() => { for (;;); })"],
    ["a loop after an await", "async () => { await null; for (;;); }"],
    ["a loop that awaits", "async () => { while (true) await null; }"],
    [
      "promise jobs that make promise jobs",
      "() => { const again = () => Promise.resolve().then(again); again(); return new Promise(() => {}) }",
    ],
    [
      "a loop that catches everything",
      "() => { for (;;) { try { for (;;); } catch {} finally { continue } } }",
    ],
    [
      "an async loop that catches everything",
      "async () => { for (;;) { try { await Promise.reject() } catch {} } }",
    ],
    [
      "timers that make timers",
      "() => { const again = () => setTimeout(again, 0); again(); return new Promise(() => {}) }",
    ],
    ["an interval", "() => { setInterval(() => {}, 1); return new Promise(() => {}) }"],
    [
      "a timer that is later than the deadline",
      "() => new Promise((resolve) => setTimeout(resolve, 1e12))",
    ],
    ["a regular expression that backtracks", "() => /^(a|a|aa)*b$/.test('a'.repeat(1e5))"],
    ["a generator", "() => { function* g() { for (;;) yield } for (const _ of g()); }"],
    ["a getter of the result", "() => ({ get a() { for (;;); } })"],
    ["toJSON of the result", "() => ({ toJSON() { for (;;); } })"],
    ["a proxy as the result", "() => new Proxy({}, { ownKeys() { for (;;); } })"],
    ["a then of the result", "() => ({ then() { for (;;); } })"],
    ["a message of an error", "() => { throw { get message() { for (;;); } } }"],
    ["a value on the console", "() => { console.log({ get a() { for (;;); } }) }"],
    ["host operations", "() => { for (;;) crypto.createHash('sha256').update('x').digest() }"],
    ["a loop in a library's callback", "(p, { lodash }) => lodash.map([1], () => { for (;;); })"],
    ["a module that loops", "for (;;); export default () => 1"],
  ])("is stopped: %s", async (_what, code) => {
    const failure = await failureOf(code, { timeoutMs: 200 });
    expect(failure).toMatchObject({ code: "function_timeout", transient: false });
    expect(failure.message).toBe(
      "The function ran longer than its 200 ms. Make it do less, or raise its time limit.",
    );
  });

  it("is stopped with its thread where the language's own work cannot be interrupted", async () => {
    const code = "() => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)";
    const failure = await failureOf(code, { timeoutMs: 200 });
    expect(failure.code).toBe("function_timeout");
    expect(failure.message).toContain("stopped from outside");
  });

  it("keeps what it wrote before", async () => {
    const failure = await failureOf("() => { console.log('here'); for (;;); }", { timeoutMs: 200 });
    expect(failure.details).toEqual({ console: [{ level: "log", text: "here" }] });
  });
});

describe("code that fills memory", () => {
  const bombs = [
    ["typed arrays", "() => { const a = []; for (;;) a.push(new Uint8Array(1e6)) }"],
    ["one huge typed array", "() => new Uint8Array(2e9).length"],
    ["one huge array", "() => new Array(1e9).fill(0).length"],
    ["objects", "() => { const a = []; for (;;) a.push({ a: 1, b: [1, 2, 3] }) }"],
    ["an array of its own copies", "() => { let a = [1, 2, 3]; for (;;) a = a.concat(a) }"],
    ["texts", "() => { const a = []; for (;;) a.push('abcdefgh'.repeat(1e5)) }"],
    ["bytes of the host", "() => { const a = []; for (;;) a.push(crypto.randomBytes(65536)) }"],
    [
      "encoded texts of the host",
      "() => { const a = [], text = 'abcdefgh'.repeat(1e5); for (;;) a.push(new TextEncoder().encode(text)) }",
    ],
    [
      "closures in promises",
      "() => { const all = []; for (;;) all.push(new Promise((resolve) => setTimeout.bind(resolve))) }",
    ],
    [
      "a global that keeps it",
      "globalThis.kept = []; () => { for (;;) kept.push(new Uint8Array(1e5)) }",
    ],
  ] as const;

  it.each(bombs)("is stopped: %s", async (_what, code) => {
    const failure = await failureOf(code, { memoryMb: 16, timeoutMs: 30_000 });
    expect(failure).toMatchObject({ code: "function_memory" });
    expect(failure.message).toContain("16 MB");
  });

  it("is stopped where it doubles a text", async () => {
    expect(await failureOf("() => { let s = 'x'; for (;;) s += s }")).toMatchObject({
      code: "function_failed",
      message: expect.stringContaining("too long"),
    });
  });

  it("gets as much as its limit says", async () => {
    const code = "() => new Uint8Array(60e6).length";
    expect(await resultOf(code, { memoryMb: 128 })).toBe(60e6);
    expect(await failureOf(code, { memoryMb: 32 })).toMatchObject({ code: "function_memory" });
  });

  it.each([
    ["calls", "() => { const f = () => f() + 1; return f() }"],
    ["getters", "() => { const o = { get x() { return this.x } }; return o.x }"],
    ["proxies", "() => { const p = new Proxy({}, { get: (t, k, r) => r[k] }); return p.x }"],
    ["JSON", "() => JSON.parse('['.repeat(1e6))"],
    ["source code", "() => eval('['.repeat(1e6))"],
    ["regular expressions", "() => new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5))"],
    ["callbacks of native functions", "() => { const f = () => [2, 1].sort(f); return f() }"],
  ])("does not overflow the stack with %s", async (_what, code) => {
    const failure = await failureOf(code);
    expect(failure.code).toBe("function_failed");
    expect(failure.message).toMatch(/stack overflow|too deeply/);
  });

  it("may overflow its own stack and go on", async () => {
    expect(
      await resultOf("() => { const f = () => f() + 1; try { f() } catch { return 'caught' } }"),
    ).toBe("caught");
  });
});

describe("code that tampers", () => {
  it.each([
    [
      "prototypes",
      "() => { Object.prototype.polluted = Array.prototype.polluted = Function.prototype.polluted = String.prototype.polluted = 1 }",
    ],
    [
      "globals",
      "var polluted = 1; let other = 2; function yourFunction() { globalThis.polluted = 1; leaked = 2 }",
    ],
    [
      "the prototype of everything by JSON",
      '() => { const o = JSON.parse(\'{"__proto__":{"polluted":1}}\'); Object.assign(Object.prototype, o.__proto__) }',
    ],
    [
      "libraries",
      "(p, l) => { l.lodash.sum = () => 'mine'; l.lodash.mixin({ sum: () => 'mine' }) }",
    ],
    [
      "what the language is made of",
      "() => { JSON.stringify = JSON.parse = () => 'mine'; Array.prototype.map = Array.prototype.sort = () => 'mine'; Math.random = () => 'mine'; Object.keys = () => ['mine'] }",
    ],
  ])("with %s does so for itself alone", async (_what, code) => {
    await run(code);
  });

  it("with promises and iteration harms only itself", async () => {
    const code = `() => {
      Promise.prototype.then = () => { throw new Error("mine") };
      Array.prototype[Symbol.iterator] = function* () { yield "mine" };
      Symbol.prototype[Symbol.toPrimitive] = Map.prototype.get = String.prototype.split = () => "mine";
      return 1;
    }`;
    expect(await resultOf(code)).toBe(1);
  });

  it("with toJSON of everything changes its own result only", async () => {
    expect(
      await resultOf("() => { Object.prototype.toJSON = () => 'mine'; return { a: 1 } }"),
    ).toBe("mine");
  });

  it("by freezing everything harms only itself", async () => {
    expect(
      await resultOf(
        "() => { for (const name of Object.getOwnPropertyNames(globalThis)) Object.freeze(globalThis[name]?.prototype), Object.freeze(globalThis[name]); return 1 }",
      ),
    ).toBe(1);
  });
});

describe("code that looks for a way out", () => {
  it.each([
    ["process", "() => typeof process", "undefined"],
    [
      "require of the host",
      "() => typeof module + typeof exports + typeof __dirname",
      "undefinedundefinedundefined",
    ],
    [
      "the network",
      "() => typeof fetch + typeof XMLHttpRequest + typeof WebSocket",
      "undefinedundefinedundefined",
    ],
    [
      "QuickJS' own modules",
      "() => typeof std + typeof os + typeof scriptArgs + typeof print",
      "undefinedundefinedundefinedundefined",
    ],
    [
      "memory of threads",
      "() => typeof SharedArrayBuffer + typeof Atomics + typeof WebAssembly",
      "undefinedundefinedundefined",
    ],
    ["the way to the host", "() => typeof tenonHost", "undefined"],
    [
      "the global of a function's constructor",
      "() => Function('return this')() === globalThis",
      true,
    ],
    [
      "the host's function by an error",
      "() => { try { null.x } catch (e) { return typeof e.constructor.constructor('return typeof process')() + typeof Error.captureStackTrace } }",
      "stringundefined",
    ],
    ["import.meta", "export default () => Object.keys(import.meta)", []],
  ])("finds no way by %s", async (_what, code, expected) => {
    expect(await resultOf(code)).toEqual(expected);
  });

  it.each([
    [
      "constructor.constructor",
      "() => [].constructor.constructor('return process')()",
      "'process' is not defined",
    ],
    [
      "an async function's constructor",
      "async () => (async () => {}).constructor('return process.env')()",
      "'process' is not defined",
    ],
    [
      "require of files",
      "() => require('fs').readFileSync('/etc/passwd')",
      '"fs" is not available',
    ],
    ["require of a path", "() => require('/etc/passwd')", "is not available"],
    [
      "require of a path from a library",
      "() => require('lodash/../../package.json')",
      "is not available",
    ],
    [
      "import of files",
      "async () => (await import('node:fs')).readFileSync('/etc/passwd')",
      '"node:fs" is not available',
    ],
    ["import of an address", "() => import('https://example.com/x.js')", "is not available"],
    ["import of data", "() => import('data:text/javascript,1')", "is not available"],
    [
      "import of the sandbox's own modules",
      "() => import('tenon:host.ts')",
      '"host.ts" is not available',
    ],
    ["import of a file beside them", "() => import('./host.ts')", '"./host.ts" is not available'],
    ["fetch", "() => fetch('http://127.0.0.1')", "'fetch' is not defined"],
    [
      "libraries that ask the network",
      "(p, { axios }) => axios.get('http://127.0.0.1')",
      "cannot read property 'get'",
    ],
    [
      "names that objects inherit",
      "() => require('constructor')",
      '"constructor" is not available',
    ],
    ["a prototype's name", "() => require('__proto__')", '"__proto__" is not available'],
  ])("is told of none by %s", async (_what, code, message) => {
    const failure = await failureOf(code);
    expect(failure.code).toBe("function_failed");
    expect(failure.message).toContain(message);
    expect(JSON.stringify(failure.details)).not.toMatch(/root:|node_modules|file:\/\//);
  });

  it("reads no file through a library", async () => {
    const code =
      "(p, { papaparse }) => new Promise((resolve, reject) => papaparse.parse('/etc/passwd', { download: true, complete: resolve, error: reject }))";
    expect(JSON.stringify(await failureOf(code))).not.toContain("root:");
  });

  it("finds nothing of the host on a walk through all that can be reached", async () => {
    const code = `() => {
      const seen = new Set(), found = [];
      const walk = (value, path) => {
        if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) {
          const name = path + "." + String(key);
          if (/process|tenon|worker|parentPort|binding|execPath|environ/i.test(name)) found.push(name);
          try { walk(Object.getOwnPropertyDescriptor(value, key).value, name) } catch {}
          try { walk(Object.getOwnPropertyDescriptor(value, key).get, name) } catch {}
        }
        walk(Object.getPrototypeOf(value), path + ".__proto__");
      };
      walk(globalThis, "");
      return { found, many: seen.size > 500 };
    }`;
    expect(await resultOf(code)).toEqual({ found: [], many: true });
  });

  it("finds nothing of the run before", async () => {
    await run(
      "(p) => { globalThis.kept = p; Array.kept = p; setTimeout(() => {}, 1e6); return new Uint8Array(1e6).fill(7).length }",
      {
        parameters: { secret: "of another run" },
      },
    );
    const code =
      "() => [typeof kept, typeof Array.kept, new Uint8Array(1e6).some((byte) => byte !== 0)]";
    expect(await resultOf(code)).toEqual(["undefined", "undefined", false]);
  });

  it("cannot ask the host for what there is not", async () => {
    for (const code of [
      "() => crypto.randomBytes(1e9)",
      "() => crypto.randomBytes(-1)",
      "() => crypto.createHash({ toJSON: () => ({}) })",
      "() => new TextDecoder('x'.repeat(1e5))",
      "() => new Intl.NumberFormat('en', { minimumFractionDigits: 1e9 })",
      "() => new Intl.NumberFormat({ length: 1e9 })",
      "() => crypto.sign('sha256', 'x', 'x'.repeat(1e6))",
      "() => crypto.sign('sha256', 'x', '-----BEGIN ENCRYPTED PRIVATE KEY-----')",
      "() => new URL('x'.repeat(1e6))",
      "() => setTimeout('process.exit()')",
    ]) {
      expect((await failureOf(code)).code).toBe("function_failed");
    }
  });
});

describe("code that is too loud", () => {
  it("has so many lines kept and no more", async () => {
    const { console } = await run("() => { for (let n = 0; n < 5000; n++) console.log(n) }");
    expect(console).toHaveLength(functionLimits.consoleLines + 1);
    expect(console.at(-1)).toEqual({ level: "warn", text: expect.stringContaining("full") });
  });

  it("has so much text kept and no more", async () => {
    const code = "() => { for (let n = 0; n < 1000; n++) console.log('abcdefghij'.repeat(2000)) }";
    const { console } = await run(code);
    const size = console.reduce((sum, { text }) => sum + text.length, 0);
    expect(size).toBeLessThan(functionLimits.consoleCharacters + 1000);
    expect(console[0]?.text).toMatch(/… \(20000 characters\)$/);
  });

  it("has values shortened that are large or deep", async () => {
    const code =
      "() => { let deep = {}; for (let n = 0; n < 1000; n++) deep = { deep }; console.log(new Array(1e5).fill(1), deep) }";
    const { console } = await run(code);
    expect(console[0]?.text).toContain("… 99900 more");
    expect(console[0]?.text).toContain("[Object]");
  });

  it("may set thousands of timers, and not more", async () => {
    const code = `async ({ count }) => {
      let fired = 0;
      await Promise.all(Array.from({ length: count }, (_, n) => new Promise((resolve) => setTimeout(() => { fired += 1; resolve() }, n % 50))));
      return fired;
    }`;
    const timeoutMs = 60_000;
    expect(await resultOf(code, { parameters: { count: 5000 }, timeoutMs })).toBe(5000);
    const failure = await failureOf(code, { parameters: { count: 20_000 }, timeoutMs });
    expect(failure.message).toContain("10000 timers");
  });
});

it("does not let code be read for ever", async () => {
  expect(await runner.check(`x = ${"(".repeat(190_000)}`, "javascript")).toMatchObject({ line: 1 });
});
