import { isUtf8 } from "node:buffer";
import type { WholeAnswer } from "@tenon/connections";
import type { File as FileValue } from "@tenon/workflow";

/** What a request step answers with, under `response`. */
export interface ResponseValue {
  /** Names in lower case. */
  headers: Record<string, string | string[]>;
  /** JSON where the answer says that it is, a file where it is binary, else its text. */
  body: unknown;
  statusCode: number;
}

/** Reads an answer for later steps; `path` names a file that has no name of its own. */
export function readAnswer(
  answer: WholeAnswer,
  { path, asFile = false }: { path: string; asFile?: boolean },
): ResponseValue {
  const { headers, status: statusCode } = answer;
  return { headers, body: asFile ? toFile(answer, path) : readBody(answer, path), statusCode };
}

/** The body as JSON; undefined where the answer does not say that it is, or is not. */
export function readJson({ headers, body }: WholeAnswer): { json: unknown } | undefined {
  if (body.length === 0 || !isJsonType(readType(headers).type)) return undefined;
  try {
    return { json: JSON.parse(decode(body, undefined)) };
  } catch {
    return undefined;
  }
}

/** The body as text, whatever it is. */
export function readText({ headers, body }: WholeAnswer): string {
  return decode(body, readType(headers).charset);
}

function readBody(answer: WholeAnswer, path: string): unknown {
  const json = readJson(answer);
  if (json !== undefined) return json.json;
  const { type } = readType(answer.headers);
  const isText = type === "" ? isUtf8(answer.body) : isTextType(type);
  return isText || answer.body.length === 0 ? readText(answer) : toFile(answer, path);
}

function toFile({ headers, body }: WholeAnswer, path: string): FileValue {
  const { type } = readType(headers);
  return {
    dataType: "FILE",
    name: readFileName(headers) ?? nameFromPath(path),
    mimeType: type || "application/octet-stream",
    size: body.length,
    encoding: "base64",
    data: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64"),
  };
}

/** The media type of an answer, without parameters, and its charset. */
export function readType(headers: WholeAnswer["headers"]): { type: string; charset?: string } {
  const [value = ""] = [headers["content-type"] ?? ""].flat();
  const [type = ""] = value.toLowerCase().split(";");
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(value)?.[1];
  return { type: type.trim(), ...(charset !== undefined && { charset }) };
}

function isJsonType(type: string): boolean {
  return type === "application/json" || type === "text/json" || type.endsWith("+json");
}

const textTypes: ReadonlySet<string> = new Set([
  "application/xml",
  "application/javascript",
  "application/ecmascript",
  "application/x-javascript",
  "application/x-www-form-urlencoded",
  "application/x-ndjson",
  "application/jsonl",
  "application/graphql",
  "application/yaml",
  "application/x-yaml",
  "application/sql",
  "application/rtf",
]);

function isTextType(type: string): boolean {
  if (isJsonType(type) || type.startsWith("text/") || textTypes.has(type)) return true;
  return type.endsWith("+xml") || type.endsWith("+yaml");
}

function decode(body: Uint8Array, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? "utf-8").decode(body);
  } catch {
    // A charset that nobody knows.
    return new TextDecoder().decode(body);
  }
}

/** The file's name, if any (RFC 6266); never with folders. */
export function readFileName(headers: WholeAnswer["headers"]): string | undefined {
  const [value = ""] = [headers["content-disposition"] ?? ""].flat();
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;]+)/i.exec(value)?.[1];
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(value)?.[1];
  const plain =
    quoted?.replaceAll(/\\(.)/g, "$1") ?? /;\s*filename\s*=\s*([^\s;"]+)/i.exec(value)?.[1];
  return cleanName(extended === undefined ? plain : decodeName(extended.trim()));
}

/** The last part of a path, or `file`. */
export function nameFromPath(path: string): string {
  const pathname = path.split(/[?#]/, 1)[0] ?? "";
  return cleanName(decodeName(pathname.split("/").at(-1) ?? "")) ?? "file";
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cleanName(name: string | undefined): string | undefined {
  const last = name
    ?.split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/\p{Cc}/gu, "")
    .trim()
    .slice(0, 255);
  return last === "" || last === "." || last === ".." ? undefined : last;
}
