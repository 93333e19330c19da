import {
  createHash,
  createHmac,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
  verify,
} from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { functionLimits } from "./function-call.ts";
import { functionHarness } from "./testing/function-harness.ts";

const { runner, run, resultOf, failureOf } = functionHarness();

describe("forms of code", () => {
  it.each([
    [
      "yourFunction, declared",
      "function yourFunction(parameters, libraries) { return parameters.a }",
    ],
    ["yourFunction, an async one", "async function yourFunction({ a }) { return a }"],
    ["yourFunction, a constant", "const yourFunction = ({ a }) => a;"],
    ["yourFunction beside others", "function other() {} function yourFunction(p) { return p.a }"],
    ["an arrow function", "({ a }) => a"],
    ["an arrow function with a comment after it", "async ({ a }) => a; // done"],
    ["a function without a name", "function (p) { return p.a }"],
    ["an async function without a name", "async function (p) { return p.a };"],
    ["one function of any name", "function main(p) { return p.a }"],
    ["a module's default export", "export default (p) => p.a"],
    ["a module's named default", "const f = (p) => p.a; export { f as default }"],
    ["a module that awaits at its top", "const one = await 1; export default (p) => p.a * one"],
    [
      "a module with yourFunction",
      "import _ from 'lodash';\nfunction yourFunction(p) { return _.get(p, 'a') }",
    ],
  ])("runs %s", async (_form, code) => {
    expect(await resultOf(code, { parameters: { a: 42 } })).toBe(42);
  });

  it("tells what is missing where there is no function", async () => {
    expect((await failureOf("const x = 1")).message).toContain("no function to run");
    expect((await failureOf("export default 5")).message).toContain(
      "default export is not a function",
    );
    const several = await failureOf("function a() {} function b() {}");
    expect(several.message).toContain("several functions (a, b)");
  });

  it("takes the types off TypeScript", async () => {
    const code = `
      type Item = { price: number };
      interface Input { items: Item[] }
      export default async ({ items }: Input): Promise<number> =>
        items.reduce((sum: number, item) => sum + item.price!, 0) satisfies number;`;
    const parameters = { items: [{ price: 2 }, { price: 3 }] };
    expect(await resultOf(code, { language: "typescript", parameters })).toBe(5);
    const unnamed = "function (p: { a: number }) { return p.a as number }";
    expect(await resultOf(unnamed, { language: "typescript", parameters: { a: 1 } })).toBe(1);
  });

  it("runs as it is meant where code uses what strict mode forbids", async () => {
    expect(await resultOf("function yourFunction() { x = 010; return x }")).toBe(8);
  });
});

describe("parameters and results", () => {
  it("hands the function a copy", async () => {
    const parameters = { list: [1, 2], deep: { text: "ä\u0000😀" } };
    const code = "(p) => { p.list.push(3); p.deep.more = true; return p }";
    expect(await resultOf(code, { parameters })).toEqual({
      list: [1, 2, 3],
      deep: { text: "ä\u0000😀", more: true },
    });
    expect(parameters).toEqual({ list: [1, 2], deep: { text: "ä\u0000😀" } });
  });

  it.each([
    ["undefined", "() => {}", undefined],
    ["null", "() => null", null],
    ["dates as ISO texts", "() => [new Date(0)]", ["1970-01-01T00:00:00.000Z"]],
    ["numbers that JSON lacks as null", "() => [NaN, Infinity]", [null, null]],
    ["without undefined fields", "() => ({ a: undefined, b: 1 })", { b: 1 }],
    ["errors as their text", "() => new TypeError('x')", { name: "TypeError", message: "x" }],
    ["what toJSON says", "() => ({ toJSON: () => 'said' })", "said"],
    ["getters' values", "() => ({ get a() { return 1 } })", { a: 1 }],
    ["a proxy's fields", "() => new Proxy({ a: 1 }, { get: () => 2 })", { a: 2 }],
    ["objects of classes", "class A { x = 1; m() {} } () => new A()", { x: 1 }],
    ["what is there twice, twice", "() => { const a = {}; return [a, a] }", [{}, {}]],
  ])("answers %s", async (_what, code, expected) => {
    expect(await resultOf(code)).toEqual(expected);
  });

  it.each([
    ["a BigInt", "() => ({ a: [1, { b: 2n }] })", "result.a[1].b is a BigInt"],
    ["a function", "() => ({ f: () => 1 })", "result.f is a function"],
    ["a symbol", "() => [Symbol('x')]", "result[0] is a symbol"],
    [
      "a circle",
      "() => { const a = { b: {} }; a.b.c = a; return a }",
      "result.b.c is an object that contains itself",
    ],
    ["a Map", "() => new Map()", "result is a Map"],
    ["a Set", "() => ({ s: new Set() })", "result.s is a Set"],
    ["a promise inside", "() => [Promise.resolve(1)]", "result[0] is a promise"],
    ["bytes", "() => new Uint8Array(4)", "result is bytes"],
  ])("refuses %s and says where it is", async (_what, code, message) => {
    const failure = await failureOf(code);
    expect(failure.code).toBe("function_failed");
    expect(failure.message).toContain(message);
  });

  it("tells what getters, toJSON and proxies of a result throw", async () => {
    for (const code of [
      "() => ({ get a() { throw new Error('mine') } })",
      "() => ({ toJSON() { throw new Error('mine') } })",
      "() => new Proxy({}, { ownKeys() { throw new Error('mine') } })",
    ]) {
      expect((await failureOf(code)).message).toContain("mine");
    }
  });

  it("refuses a result that is too large", async () => {
    const failure = await failureOf("() => 'abcdefghij'.repeat(1.1e6)");
    expect(failure.message).toContain("Return less");
  });

  it("refuses a result that is nested too deeply", async () => {
    // Brackets and quotes in texts are no levels.
    const code = `({ levels }) => {
      let nested = "x";
      for (let n = 0; n < levels; n++) nested = [nested, '[["[{'];
      return nested;
    }`;
    const { resultDepth: levels } = functionLimits;
    expect(await resultOf(code, { parameters: { levels } })).toHaveLength(2);
    const failure = await failureOf(code, { parameters: { levels: levels + 1 } });
    expect(failure.message).toContain("nested deeper than 500 levels");
  });

  it("refuses parameters that are no JSON or too large", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(await failureOf("() => 1", { parameters: circle })).toMatchObject({
      code: "invalid_input",
    });
    const large = { text: "x".repeat(functionLimits.parameters) };
    expect(await failureOf("() => 1", { parameters: large })).toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("errors", () => {
  it("point at the line of the code that threw", async () => {
    const failure = await failureOf(
      "function helper(x) {\n  return x.y.z;\n}\n\nfunction yourFunction() {\n  return helper({});\n}",
    );
    expect(failure).toMatchObject({
      code: "function_failed",
      transient: false,
      details: { thrown: { name: "TypeError", line: 2 } },
    });
    expect(failure.message).toMatch(/^The function threw TypeError: .* \(line 2, column \d+\)$/);
    const { thrown } = failure.details as { thrown: { stack: string } };
    expect(thrown.stack).toMatch(
      /at helper \(function\.js:2:\d+\)\n.*at yourFunction \(function\.js:6:\d+\)/,
    );
    expect(thrown.stack).not.toMatch(/tenon:|packages|node_modules/);
  });

  it("point at the line in every form, and after an await", async () => {
    for (const [code, language] of [
      ["function () {\n\n  throw new Error('x') }", "javascript"],
      ["import 'lodash';\n\nexport default () => { throw new Error('x') }", "javascript"],
      ["async () => {\n  await null;\n  throw new Error('x') }", "javascript"],
      ["async (p: {\n  a: string }) => {\n  throw new Error('x') }", "typescript"],
    ] as const) {
      const failure = await failureOf(code, { language });
      expect(failure.details).toMatchObject({ thrown: { message: "x", line: 3 } });
    }
  });

  it.each([
    ["a text", "() => { throw 'just text' }", "The function threw just text"],
    ["nothing", "() => { throw undefined }", "The function threw undefined"],
    ["null", "() => { throw null }", "The function threw null"],
    ["an object", "() => { throw { code: 7 } }", 'The function threw {"code":7}'],
    ["an object with a message", "() => { throw { message: 'odd' } }", "The function threw odd"],
    ["a rejection", "() => Promise.reject('no')", "The function threw no"],
    ["a symbol", "() => { throw Symbol('s') }", "The function threw Symbol(s)"],
    [
      "an error that cannot be read",
      "() => { throw { get message() { throw 1 } } }",
      "The function threw something that cannot be described",
    ],
  ])("tell of %s that was thrown", async (_what, code, message) => {
    expect((await failureOf(code)).message).toBe(message);
  });

  it("come of timers too, and end the function", async () => {
    const code =
      "() => { setTimeout(() => { throw new Error('late') }, 1); return new Promise(() => {}) }";
    expect((await failureOf(code)).message).toContain("late");
  });

  it("of promises that nobody awaits do not matter", async () => {
    expect(await resultOf("() => { Promise.reject(new Error('floating')); return 'ok' }")).toBe(
      "ok",
    );
    expect(await resultOf("() => 'next'")).toBe("next");
  });

  it("tell of a promise that nothing can resolve", async () => {
    expect((await failureOf("() => new Promise(() => {})")).message).toContain("never answers");
  });

  it("bring what was on the console with them", async () => {
    const failure = await failureOf("() => { console.warn('before'); throw new Error('x') }");
    expect(failure.details).toMatchObject({ console: [{ level: "warn", text: "before" }] });
  });
});

describe("syntax", () => {
  it.each([
    ["javascript", "function yourFunction() {\n  let a = ;\n}", 2],
    ["javascript", "import _ from 'lodash';\n\nexport default () => { return", 3],
    ["javascript", "() => {\n  'abc\n}", 2],
    ["typescript", "export default (p: string {\n}", 1],
    ["typescript", "const a = 1;\nenum B { x }", 2],
    ["javascript", "[".repeat(50_000), 1],
  ] as const)("that is wrong is told with its place: %s", async (language, code, line) => {
    const problem = await runner.check(code, language);
    expect(problem).toMatchObject({ line, message: expect.stringMatching(/./) });
    expect(problem?.column).toBeGreaterThan(0);
    const failure = await failureOf(code, { language });
    expect(failure.message).toContain(`(line ${line}, column ${problem?.column})`);
  });

  it("that is right is no problem, and nothing of it is run", async () => {
    for (const [code, language] of [
      ["function yourFunction() {}", "javascript"],
      ["function () {}", "javascript"],
      ["import { chunk } from 'lodash'; export default () => chunk", "javascript"],
      ["for (;;) {}", "javascript"],
      ["(p: number) => p", "typescript"],
    ] as const) {
      expect(await runner.check(code, language)).toBeUndefined();
    }
  });

  it("tells of imports that there are none of", async () => {
    const problem = await runner.check(
      "import fs from 'node:fs'; export default () => 1",
      "javascript",
    );
    expect(problem?.message).toContain('"node:fs" is not available');
  });

  it("that breaks the TypeScript parser does not harm what comes next", async () => {
    expect(await runner.check("(".repeat(100_000), "typescript")).toMatchObject({ line: 1 });
    expect(await resultOf("(p: object) => 1", { language: "typescript" })).toBe(1);
  });
});

describe("time", () => {
  it("runs async functions, promises and timers", async () => {
    const code = `async () => {
      const order = [];
      setTimeout(() => order.push("timeout"), 0);
      queueMicrotask(() => order.push("microtask"));
      Promise.resolve().then(() => order.push("promise"));
      const never = setTimeout(() => order.push("never"), 1);
      clearTimeout(never);
      order.push("sync");
      await new Promise((resolve) => setTimeout(resolve, 20, "value"));
      let ticks = 0;
      await new Promise((resolve) => {
        const interval = setInterval(() => { if (++ticks === 3) { clearInterval(interval); resolve() } }, 1);
      });
      return [...order, ticks];
    }`;
    expect(await resultOf(code)).toEqual(["sync", "microtask", "promise", "timeout", 3]);
  });

  it("does not wait for timers that nothing awaits", async () => {
    expect(
      await resultOf("() => { setTimeout(() => {}, 1e9); setInterval(() => {}, 1); return 1 }"),
    ).toBe(1);
  });

  it("has the time, in UTC, and random numbers that differ from run to run", async () => {
    const code =
      "() => [Date.now(), new Date(0).getHours(), new Date().getTimezoneOffset(), Math.random()]";
    const [first, second] = [await resultOf(code), await resultOf(code)] as number[][];
    expect(Math.abs(Date.now() - (first?.[0] ?? 0))).toBeLessThan(600_000);
    expect(first?.slice(1, 3)).toEqual([0, 0]);
    expect(first?.[3]).not.toBe(second?.[3]);
  });
});

describe("what there is beside the language", () => {
  it("keeps the console", async () => {
    const code = `() => {
      console.log("text", 1, { a: [1, "b"], d: new Date(0) }, [undefined, null, 2n]);
      console.error(new Map([["k", new Set([1])]]), () => 1);
      const a = {}; a.self = a; console.debug(a);
      console.assert(false, "so"); console.assert(true, "not");
    }`;
    expect((await run(code)).console).toEqual([
      {
        level: "log",
        text: 'text 1 { a: [ 1, "b" ], d: 1970-01-01T00:00:00.000Z } [ undefined, null, 2n ]',
      },
      { level: "error", text: 'Map { "k" => Set { 1 } } [Function anonymous]' },
      { level: "debug", text: "{ self: [Circular] }" },
      { level: "error", text: "Assertion failed so" },
    ]);
  });

  it("has URL and URLSearchParams", async () => {
    const code = `() => {
      const url = new URL("/a b?x=1&x=2#h", "https://user:pw@example.com:8080");
      url.searchParams.append("ü", "&");
      url.hash = "";
      url.port = "443";
      let invalid; try { new URL("nope") } catch (error) { invalid = error.name + ": " + error.message }
      const query = new URLSearchParams({ b: "2", a: "1" }); query.sort();
      return [String(url), url.searchParams.getAll("x"), url.origin, JSON.stringify({ url: new URL("x:y") }),
        invalid, String(query), [...new URLSearchParams("?a=1&b=%20")], URL.canParse("x")];
    }`;
    expect(await resultOf(code)).toEqual([
      "https://user:pw@example.com/a%20b?x=1&x=2&%C3%BC=%26",
      ["1", "2"],
      "https://example.com",
      '{"url":"x:y"}',
      "TypeError: Invalid URL: nope",
      "a=1&b=2",
      [
        ["a", "1"],
        ["b", " "],
      ],
      false,
    ]);
  });

  it("turns texts into bytes and back", async () => {
    const code = `() => [
      Array.from(new TextEncoder().encode("ä€")), new TextDecoder().decode(new Uint8Array([0xc3, 0xa4])),
      btoa("hi\\xff"), atob("aGn/"), Buffer.from("ä").toString("hex"), Buffer.from("aGk", "base64").toString(),
      Buffer.concat([Buffer.from([1]), Buffer.alloc(2, 7)]).toJSON().data, Buffer.isBuffer(Buffer.from("")),
      new TextDecoder("utf-16le").decode(new Uint8Array([104, 0])), Buffer.byteLength("€"),
    ]`;
    expect(await resultOf(code)).toEqual([
      [0xc3, 0xa4, 0xe2, 0x82, 0xac],
      "ä",
      "aGn/",
      "hi\u00ff",
      "c3a4",
      "hi",
      [1, 7, 7],
      true,
      "h",
      3,
    ]);
    expect((await failureOf("() => atob('*')")).message).toContain("threw");
    const fatal = "() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))";
    expect((await failureOf(fatal)).message).toContain("TypeError");
  });

  it("clones values deeply", async () => {
    const code = `() => {
      const source = { d: new Date(0), m: new Map([[{ k: 1 }, new Set([2])]]), b: new Uint8Array([3]), r: /x/g, l: [1, , 3] };
      source.self = source;
      const copy = structuredClone(source);
      let refused; try { structuredClone({ f() {} }) } catch (error) { refused = error.message }
      return [copy !== source, copy.self === copy, copy.d.getTime(), [...copy.m][0][0].k, [...copy.m][0][1].has(2),
        copy.b !== source.b && copy.b[0], String(copy.r), 1 in copy.l, refused];
    }`;
    expect(await resultOf(code)).toEqual([
      true,
      true,
      0,
      1,
      true,
      3,
      "/x/g",
      false,
      "A function cannot be cloned",
    ]);
  });

  it("formats for languages and time zones", async () => {
    const code = `() => [
      new Date(0).toLocaleString("de-DE", { timeZone: "Asia/Tokyo" }), (1234.5).toLocaleString(),
      new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(3),
      new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(0)),
      new Intl.PluralRules("en").select(1), ["b", "A", "a"].sort((x, y) => x.localeCompare(y)),
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    ]`;
    expect(await resultOf(code)).toEqual([
      "1.1.1970, 09:00:00",
      "1,234.5",
      "€3.00",
      "1 January 1970",
      "one",
      ["a", "A", "b"],
      "UTC",
    ]);
    const wrong = "() => new Date().toLocaleString('en', { timeZone: 'Mars/Base' })";
    expect((await failureOf(wrong)).message).toContain("RangeError");
  });
});

describe("crypto", () => {
  it("hashes as Node does", async () => {
    const code = `() => {
      const { createHash, createHmac } = require("node:crypto");
      return [
        ...["md5", "sha1", "sha256", "SHA512"].map((name) => createHash(name).update("a").update("ä").digest("hex")),
        createHmac("sha256", "key").update("text").digest("base64"),
      ];
    }`;
    const [md5, sha1, sha256, sha512, hmac] = (await resultOf(code)) as string[];
    expect([md5?.length, sha1?.length, sha512?.length]).toEqual([32, 40, 128]);
    expect(sha256).toBe(createHash("sha256").update("aä").digest("hex"));
    expect(hmac).toBe(createHmac("sha256", "key").update("text").digest("base64"));
    expect((await failureOf("() => crypto.createHash('whirlpool')")).message).toContain("sha256");
  });

  it("makes random values", async () => {
    const code =
      "() => [crypto.randomUUID(), Array.from(crypto.getRandomValues(new Uint8Array(16)))]";
    const [first, second] = [await resultOf(code), await resultOf(code)] as [string, number[]][];
    expect(first?.[0]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(first).not.toEqual(second);
  });

  it("signs with RSA and EC keys", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = (key: typeof rsa.privateKey) => key.export({ type: "pkcs8", format: "pem" });
    const code = `({ rsa, ec }) => [
      crypto.createSign("RSA-SHA256").update("te").update("xt").sign(rsa, "base64"),
      crypto.sign("sha256", "text", { key: ec, dsaEncoding: "ieee-p1363" }).toString("base64"),
    ]`;
    const parameters = { rsa: pem(rsa.privateKey), ec: pem(ec.privateKey) };
    const [byRsa = "", byEc = ""] = (await resultOf(code, { parameters })) as string[];
    const isRsa = createVerify("RSA-SHA256").update("text").verify(rsa.publicKey, byRsa, "base64");
    const key = { key: ec.publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(isRsa).toBe(true);
    expect(verify("sha256", Buffer.from("text"), key, Buffer.from(byEc, "base64"))).toBe(true);
    const wrong = await failureOf("() => crypto.sign('sha256', 'x', 'no key')");
    expect(wrong.code).toBe("function_failed");
  });

  it.each(["HS256", "RS256", "ES256"])("mints JSON Web Tokens with %s", async (algorithm) => {
    const pairs = {
      RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
      ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    };
    const secret = "a secret that is long enough for it";
    const pair = algorithm === "HS256" ? undefined : pairs[algorithm as keyof typeof pairs]();
    const key = pair?.privateKey.export({ type: "pkcs8", format: "pem" }) ?? secret;
    const code = `({ key, algorithm }, { jsonwebtoken }) => jsonwebtoken.sign({ sub: "user-1", role: "admin" }, key,
      { algorithm, expiresIn: "1h", audience: "app", keyid: "k1" })`;
    const token = String(await resultOf(code, { parameters: { key, algorithm } }));
    const checkKey =
      pair === undefined
        ? Buffer.from(secret)
        : createPublicKey(pair.publicKey.export({ type: "spki", format: "pem" }));
    const { payload } = await jwtVerify(token, checkKey, {
      audience: "app",
      algorithms: [algorithm],
    });
    expect(payload).toMatchObject({ sub: "user-1", role: "admin" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: algorithm, kid: "k1" });
  });
});
