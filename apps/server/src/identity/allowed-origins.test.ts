import { describe, expect, it } from "vitest";
import { isAllowedOrigin } from "./allowed-origins.ts";

describe("allowed origins", () => {
  it.each([
    ["https://app.example.com", "https://app.example.com"],
    ["https://app.example.com:443", "https://app.example.com"],
    ["https://app.example.com", "https://*.example.com"],
    ["https://a.b.example.com", "https://*.example.com"],
    ["http://localhost:4782", "http://localhost:*"],
    ["HTTPS://APP.example.com", "https://app.example.com"],
  ])("lets %s in by %s", (origin, pattern) => {
    expect(isAllowedOrigin(origin, [pattern])).toBe(true);
  });

  it.each([
    ["http://app.example.com", "https://app.example.com"],
    ["https://app.example.com:8443", "https://app.example.com"],
    ["https://example.com", "https://*.example.com"],
    ["https://evilexample.com", "https://*.example.com"],
    ["https://app.example.com.evil.org", "https://app.example.com"],
    ["https://app.example.com@evil.org", "https://app.example.com"],
    ["https://app.example.com/", "https://app.example.com"],
    ["null", "https://app.example.com"],
    ["", "http://localhost:*"],
    ["http://localhost.evil.org:80", "http://localhost:*"],
  ])("keeps %s out of %s", (origin, pattern) => {
    expect(isAllowedOrigin(origin, [pattern])).toBe(false);
  });
});
