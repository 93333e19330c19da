import { expect, it } from "vitest";
import { readTriggerBody } from "./read-trigger-body.ts";

function read(content: string | Uint8Array, contentType?: string, contentDisposition?: string) {
  const parseJson = (text: string): unknown => JSON.parse(text);
  const bytes = Buffer.from(content);
  return readTriggerBody({ bytes, contentType, contentDisposition, parseJson });
}

async function readForm(form: FormData) {
  const request = new Request("http://localhost", { method: "POST", body: form });
  const type = request.headers.get("content-type") ?? "";
  return read(new Uint8Array(await request.arrayBuffer()), type);
}

it.each([undefined, "auto", "application/json; charset=utf-8", "application/vnd.api+json"])(
  "reads a body of type %s as JSON",
  async (type) => {
    expect(await read('{"a":[1]}', type)).toEqual({ body: { a: [1] } });
  },
);

it("reads nothing of an empty body, whatever its type", async () => {
  expect(await read("", "application/json")).toEqual({ body: undefined });
});

it("reads a form with a name given twice as a list", async () => {
  const form = await read("a=1&b=x+y&a=2", "application/x-www-form-urlencoded");
  expect(form).toEqual({ body: { a: ["1", "2"], b: "x y" } });
});

it.each(["text/plain", "text/csv", "application/xml"])("reads %s as a text", async (type) => {
  expect(await read("häh", type)).toEqual({ body: "häh" });
});

it("reads other bytes as a file under the name that came with them", async () => {
  const bytes = new Uint8Array([0, 255, 16]);
  const { file } = await read(bytes, "image/png", 'attachment; filename="a b.png"');
  expect(file).toEqual({
    dataType: "FILE",
    name: "a b.png",
    mimeType: "image/png",
    size: 3,
    encoding: "base64",
    data: "AP8Q",
  });
});

it("reads the fields and files of a multipart form", async () => {
  const form = new FormData();
  form.append("note", "hello");
  form.append("first", new Blob(["one"], { type: "text/plain" }), "one.txt");
  form.append("second", new Blob(["two"]), "two.bin");
  const { body, file } = await readForm(form);
  expect(file).toMatchObject({ name: "one.txt", mimeType: "text/plain", size: 3 });
  expect(body).toEqual({
    note: "hello",
    second: expect.objectContaining({ name: "two.bin", data: "dHdv" }),
  });
});

it("refuses a multipart form that is none", async () => {
  await expect(read("hello", "multipart/form-data; boundary=x")).rejects.toMatchObject({
    code: "invalid_request",
  });
});

it("keeps a field named __proto__ a field", async () => {
  const { body } = await read("__proto__=x&a=1", "application/x-www-form-urlencoded");
  expect(Object.keys(body as object)).toContain("__proto__");
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
});
