import { AppError, defineConnector, oauth2 } from "@tenon/connector";
import { describe, expect, test } from "vitest";
import { type Bases, resolveRedirect, resolveTarget, toBase } from "./target.ts";

function basesOf(own: string, api = "https://api.provider.example"): Bases {
  const connector = defineConnector({
    id: "provider",
    title: "Provider",
    brandColor: "#000",
    icon: "",
    description: "",
    auth: oauth2({
      authorizeUrl: "/a",
      tokenUrl: "/t",
      clientAuth: "basic",
      tokenBody: "json",
      accountId: [],
      providerData: {},
    }),
    api: {
      baseUrl: api,
      defaultHeaders: {},
      rateLimit: { requests: 1, windowMs: 1 },
      error: { code: [], message: [], requestIdHeader: "" },
    },
  });
  return { connector, api: toBase(api), own: toBase(own) };
}

const local = basesOf("http://127.0.0.1:4781");
const real = basesOf("https://api.provider.example");
const prefixed = basesOf("http://127.0.0.1:4781/base", "https://api.provider.example/v2");

function refusalOf(target: string, bases: Bases): unknown {
  try {
    return resolveTarget(target, bases);
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
}

describe("a path", () => {
  test.each([
    "/v1/pages",
    "/v1/pages?a=b&c=%20d",
    "/v1/a%2Fb/c%2fd",
    "/v1/pages?filter=a/../b&u=https://x.example/y?z",
    "/v1/x..y/...",
    "/v1/a//b",
    "/v1/a:b/c@d",
    "/v1/\u00e9\u00ff?q=\u00fc",
    "/v1/a/../b",
    "/v1/%2e%2e/b",
    "/?\\",
  ])("%j goes on as it is", (path) => {
    expect(resolveTarget(path, local)).toBe(path);
    expect(resolveTarget(path, prefixed)).toBe(`/base${path}`);
  });

  test("without a slash in front gets one", () => {
    expect(resolveTarget("v1/pages", local)).toBe("/v1/pages");
    expect(resolveTarget("", prefixed)).toBe("/base/");
    expect(resolveTarget("?a=b", local)).toBe("/?a=b");
  });

  test("loses its fragment, which is not for servers", () => {
    expect(resolveTarget("/v1/pages?a#b", local)).toBe("/v1/pages?a");
  });

  test.each([
    "/../x",
    "/v1/../../x",
    "/%2e%2e/x",
    "/.%2E/x",
    "/v1/..%2f..%2fx",
    "/v1/%2e%2e%2F%2e%2e/x",
    "/v1/..%5c..%5cx",
    "/..",
    "../x",
  ])("%j does not climb out of the base path", (path) => {
    expect(refusalOf(path, prefixed)).toBe("proxy_target_refused");
  });

  test.each([
    "//evil.example/x",
    "/\\evil.example/x",
    "/v1\\..\\..\\x",
    "\\\\evil.example",
    "/v1/a b",
    "/v1/a\tb",
    "/v1/a\r\nhost: evil.example",
    "/v1/\u0000",
    "/v1/\u007f",
    "/v1/\u0100",
  ])("%j is refused", (path) => {
    expect(refusalOf(path, local)).toBe("proxy_target_refused");
  });
});

describe("a full URL", () => {
  test.each([
    ["https://api.provider.example/v1/users?a=b", "/v1/users?a=b"],
    ["/https://api.provider.example/v1/users", "/v1/users"],
    ["/https:/api.provider.example/v1/users", "/v1/users"],
    ["HTTPS://API.Provider.example:443/v1/users", "/v1/users"],
    ["https://api.provider.example", "/"],
    ["https://api.provider.example?a=b", "/?a=b"],
    ["http://127.0.0.1:4781/v1/users", "/v1/users"],
  ])("%s on the provider's own host becomes a path", (target, path) => {
    expect(resolveTarget(target, local)).toBe(path);
  });

  test("for the real provider is moved to the connection's base URL", () => {
    expect(resolveTarget("https://api.provider.example/v2/users?a", prefixed)).toBe(
      "/base/users?a",
    );
    expect(resolveTarget("https://api.provider.example/v2", prefixed)).toBe("/base/");
    expect(refusalOf("https://api.provider.example/v2x", prefixed)).toBe("proxy_target_refused");
    expect(refusalOf("https://api.provider.example/v1/users", prefixed)).toBe(
      "proxy_target_refused",
    );
  });

  test.each([
    "https://evil.example/v1/users",
    "http://api.provider.example/v1/users",
    "https://api.provider.example:8443/v1/users",
    "https://api.provider.example@evil.example/",
    "https://user:secret@api.provider.example/",
    "https://@api.provider.example/",
    "https://api.provider.example.evil.example/",
    "https://api.provider.example./",
    "https://api.provider.example%2eevil.example/",
    "https://evil.example\\@api.provider.example/",
    "https://api.provider.example\\@evil.example/",
    "https://evil.example#@api.provider.example/",
    "https://evil.example?@api.provider.example/",
    "https:///api.provider.example/",
    "https://",
    "https://[::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:5432/",
    "//api.provider.example/v1/users",
    "ftp://api.provider.example/v1/users",
    "/file://etc/passwd",
    "https://api.provider.example/v1/\\evil",
    " https://api.provider.example/",
    "https://api.provider.example/\r\nx: y",
  ])("%j is refused", (target) => {
    expect(refusalOf(target, real)).toBe("proxy_target_refused");
  });
});

describe("a redirect", () => {
  test.each([
    ["/v1/b?c", "/v1/b?c"],
    ["b", "/v1/b"],
    ["http://127.0.0.1:4781/v1/b", "/v1/b"],
    ["https://api.provider.example/v1/b", "/v1/b"],
    ["//127.0.0.1:4781/v1/b", "/v1/b"],
  ])("to %s stays with the provider", (location, path) => {
    expect(resolveRedirect(location, "/v1/a", local)).toBe(path);
  });

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https://127.0.0.1:4781/v1/b",
    "http://127.0.0.1:4782/v1/b",
    "http://user@127.0.0.1:4781/v1/b",
    "javascript:alert(1)",
    "http://",
  ])("to %j is not followed", (location) => {
    expect(resolveRedirect(location, "/v1/a", local)).toBeUndefined();
  });
});
