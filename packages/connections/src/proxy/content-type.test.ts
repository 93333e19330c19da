import { describe, expect, test } from "vitest";
import { isAutoContentType, resolveAutoContentType } from "./content-type.ts";

const resolve = (contentType: string, body: string | Buffer, isWhole = true) =>
  resolveAutoContentType(contentType, Buffer.from(body), isWhole);

describe("Content-Type: auto", () => {
  test.each(["auto", " AUTO ", "auto, text/plain", "text/plain, auto"])("is %j", (value) => {
    expect(isAutoContentType(value)).toBe(true);
  });

  test.each(["application/json", "text/auto", "autoload", "multipart/form-data; boundary=auto"])(
    "is not %j",
    (value) => {
      expect(isAutoContentType(value)).toBe(false);
    },
  );

  test("is nothing without a body", () => {
    expect(resolve("auto", "")).toBeUndefined();
  });

  test.each(['{"a":1}', "[]", "null", "12", '"text"'])("is JSON for %s", (body) => {
    expect(resolve("auto", body)).toBe("application/json");
    expect(resolve("auto, text/plain", body)).toBe("application/json");
  });

  test("is the type that was named with it for what is not JSON", () => {
    expect(resolve("auto, text/markdown", "# Title")).toBe("text/markdown");
    expect(resolve("application/x-www-form-urlencoded, auto", "a=b")).toBe(
      "application/x-www-form-urlencoded",
    );
  });

  test("is the kind of JSON that was named with it", () => {
    expect(resolve("auto, application/json-patch+json", "[]")).toBe("application/json-patch+json");
  });

  test("is plain text for other text, and bytes for the rest", () => {
    expect(resolve("auto", "Grüße")).toBe("text/plain; charset=utf-8");
    expect(resolve("auto", '{"a":')).toBe("text/plain; charset=utf-8");
    expect(resolve("auto", Buffer.from([0xff, 0xfe, 0x00]))).toBe("application/octet-stream");
  });

  test("goes by the first character of a body too large to keep", () => {
    expect(resolve("auto", ' [{"a":', false)).toBe("application/json");
    expect(resolve("auto", "text", false)).toBe("application/octet-stream");
    expect(resolve("auto, text/csv", "a,b", false)).toBe("text/csv");
  });
});
