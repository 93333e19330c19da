import { referenceHeads, type ReferenceHead } from "./definition.ts";
import type { Path, Reference } from "./reference.ts";
import { TemplateError } from "./template-error.ts";

/** A reference and where its parts stand in the text. */
export interface ReadReference {
  reference: Reference;
  /** Where the first word starts and ends: the step's id or number. */
  head: { start: number; end: number };
  /** The first character that is no longer part of it, after spaces. */
  end: number;
}

/**
 * Parses the inside of the braces.
 *
 * @throws TemplateError on anything else, with where and what was expected.
 */
export function parseReference(text: string): Reference {
  const { reference, end } = readReference(text, 0);
  if (end < text.length) throw unexpected(text, end, "the end, `.key` or `[key]`");
  return reference;
}

/** Reads a reference that starts at `start`; each character is looked at a fixed number of times. */
export function readReference(text: string, start: number): ReadReference {
  const headStart = skipSpaces(text, start);
  const headEnd = skipWord(text, headStart, isHeadCharacter);
  if (headEnd === headStart) {
    throw unexpected(
      text,
      headStart,
      "a step or one of settings, integrationSettings, secrets, user, connection, self",
    );
  }
  const head = text.slice(headStart, headEnd);
  const { path, end } = readPathText(text, headEnd);
  return {
    reference: toReference({ head, path, offset: end }),
    head: { start: headStart, end: headEnd },
    end,
  };
}

function toReference({
  head,
  path,
  offset,
}: {
  head: string;
  path: Path;
  offset: number;
}): Reference {
  if (!isReservedHead(head)) return { source: "step", stepId: head, path };
  const [first, ...rest] = path;
  switch (head) {
    case "settings":
    case "integrationSettings": {
      if (typeof first !== "string") {
        throw new TemplateError(
          `Expected the setting's id after ${head}, such as ${head}.name`,
          offset,
        );
      }
      const level = head === "settings" ? "workflow" : "integration";
      return { source: "setting", level, inputId: first, path: rest };
    }
    case "secrets":
      if (typeof first !== "string" || rest.length > 0) {
        throw new TemplateError("Expected one name after secrets, such as secrets.API_KEY", offset);
      }
      return { source: "secret", name: first };
    case "user":
    case "connection":
    case "self":
      return { source: head, path };
    default:
      return head satisfies never;
  }
}

function isReservedHead(head: string): head is ReferenceHead {
  return referenceHeads.some((reserved) => reserved === head);
}

function readPathText(text: string, start: number): { path: Path; end: number } {
  const path: (string | number)[] = [];
  let at = skipSpaces(text, start);
  while (text[at] === "." || text[at] === "[") {
    const { key, end } = text[at] === "." ? readDotKey(text, at + 1) : readBracketKey(text, at + 1);
    path.push(key);
    at = skipSpaces(text, end);
  }
  return { path, end: at };
}

function readDotKey(text: string, start: number): { key: string; end: number } {
  const from = skipSpaces(text, start);
  const end = skipWord(text, from, isKeyCharacter);
  if (end === from) throw unexpected(text, from, "a key after the dot");
  return { key: text.slice(from, end), end };
}

function readBracketKey(text: string, start: number): { key: string | number; end: number } {
  const from = skipSpaces(text, start);
  const quote = text[from];
  const read = quote === '"' || quote === "'" ? readQuoted(text, from) : readIndex(text, from);
  const close = skipSpaces(text, read.end);
  if (text[close] !== "]") throw unexpected(text, close, "`]`");
  return { key: read.key, end: close + 1 };
}

function readIndex(text: string, start: number): { key: number; end: number } {
  const end = skipWord(text, start, isDigit);
  if (end === start) throw unexpected(text, start, "a list place such as 0, or a key in quotes");
  const key = Number(text.slice(start, end));
  if (!Number.isSafeInteger(key)) {
    throw new TemplateError("Expected a list place below 9007199254740992", start);
  }
  return { key, end };
}

/** A key in double or single quotes, with the escapes of JSON. */
function readQuoted(text: string, start: number): { key: string; end: number } {
  const quote = text[start];
  let at = start + 1;
  let key = "";
  while (at < text.length && text[at] !== quote) {
    if (text[at] === "\\") {
      const escape = readEscape(text, at);
      key += escape.character;
      at = escape.end;
    } else {
      key += text[at];
      at += 1;
    }
  }
  if (at >= text.length) throw new TemplateError(`Expected a closing ${quote} of the key`, start);
  return { key, end: at + 1 };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readEscape(text: string, start: number): { character: string; end: number } {
  const letter = text[start + 1] ?? "";
  if (letter === "u") {
    const digits = text.slice(start + 2, start + 6);
    if (/^[0-9A-Fa-f]{4}$/.test(digits)) {
      return { character: String.fromCharCode(Number.parseInt(digits, 16)), end: start + 6 };
    }
  } else if (Object.hasOwn(escapes, letter)) {
    return { character: escapes[letter] ?? "", end: start + 2 };
  }
  throw unexpected(text, start + 1, 'an escape of JSON after \\, such as \\" or \\n');
}

function skipSpaces(text: string, start: number): number {
  return skipWord(text, start, isSpace);
}

function skipWord(text: string, start: number, belongs: (character: string) => boolean): number {
  let at = start;
  while (at < text.length && belongs(text[at] ?? "")) at += 1;
  return at;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

function isHeadCharacter(character: string): boolean {
  return /^[A-Za-z0-9_-]$/.test(character);
}

/** Beside what {@link formatReference} writes after a dot, digits first, dashes and other alphabets. */
function isKeyCharacter(character: string): boolean {
  return isHeadCharacter(character) || character === "$" || character > "\u00a0";
}

/** The error for text that is not what the grammar has there. */
export function unexpected(text: string, offset: number, expected: string): TemplateError {
  const found = offset < text.length ? `found ${JSON.stringify(text[offset])}` : "the text ends";
  return new TemplateError(`Expected ${expected}, but ${found}`, offset);
}
