import { readReference, unexpected } from "./parse-reference.ts";
import { formatReference, type Reference } from "./reference.ts";
import { TemplateError } from "./template-error.ts";

/** A text, parsed: without references, one reference alone, or a mixture, which is always a text. */
export type Template =
  | { kind: "literal"; value: string }
  | { kind: "reference"; reference: Reference }
  | { kind: "text"; parts: readonly (string | Reference)[] };

/** A piece of a text with where it stands in it. */
export type Token =
  | { kind: "literal"; value: string }
  | { kind: "reference"; reference: Reference; head: { start: number; end: number } };

/**
 * Parses a text with `{{…}}` in it, in time linear in its length.
 *
 * `\{{` is a literal `{{`, and `\\` right before braces a literal backslash. Where more than two
 * braces open, the last two count: `{"id":{{{1.id}}}` is `{"id":{`, a reference and `}`.
 *
 * @throws TemplateError where a `{{` is not a reference; nothing else, on any text.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Reference)[] = [];
  for (const token of readTokens(text)) {
    parts.push(token.kind === "literal" ? token.value : token.reference);
  }
  const [first = "", ...others] = parts;
  if (others.length > 0) return { kind: "text", parts };
  return typeof first === "string"
    ? { kind: "literal", value: first }
    : { kind: "reference", reference: first };
}

/** The text of a template. Parsed back it is the same template. */
export function formatTemplate(template: Template): string {
  switch (template.kind) {
    case "literal":
      return formatLiteral(template.value, false);
    case "reference":
      return braced(template.reference);
    case "text":
      return template.parts
        .map((part, index) => {
          if (typeof part !== "string") return braced(part);
          return formatLiteral(part, index < template.parts.length - 1);
        })
        .join("");
    default:
      return template satisfies never;
  }
}

function braced(reference: Reference): string {
  return `{{${formatReference(reference)}}}`;
}

/** Pieces of a text in order; literals that touch are one piece. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let literal = "";
  let at = 0;
  for (;;) {
    const open = text.indexOf("{{", at);
    if (open === -1) break;
    let slashes = 0;
    while (open - slashes > at && text[open - slashes - 1] === "\\") slashes += 1;
    literal += text.slice(at, open - slashes) + "\\".repeat(Math.floor(slashes / 2));
    if (slashes % 2 === 1) {
      literal += "{{";
      at = open + 2;
      continue;
    }
    let start = open + 2;
    while (text[start] === "{") start += 1;
    literal += text.slice(open, start - 2);
    const { reference, head, end } = readReference(text, start);
    if (!text.startsWith("}}", end)) throw unexpected(text, end, "`}}`, `.key` or `[key]`");
    if (literal !== "") tokens.push({ kind: "literal", value: literal });
    literal = "";
    tokens.push({ kind: "reference", reference, head });
    at = end + 2;
  }
  literal += text.slice(at);
  if (literal !== "") tokens.push({ kind: "literal", value: literal });
  return tokens;
}

/**
 * Escapes each pair of braces, and doubles the backslashes before braces that are a pair in the
 * text or become one with the reference that follows.
 */
function formatLiteral(value: string, beforeReference: boolean): string {
  return value.replaceAll(
    /(?<!\\)(\\*)(?:(?<!\{)(\{+)|$)/g,
    (run, slashes: string, braces = "", offset: number) => {
      const isLast = offset + run.length === value.length;
      const opens = braces.length >= 2 || (isLast && beforeReference);
      if (!opens) return run;
      const pairs = "\\{{".repeat(Math.floor(braces.length / 2));
      return slashes + slashes + pairs + (braces.length % 2 === 1 ? "{" : "");
    },
  );
}

/** The value of a text without references; undefined for one that has some or cannot be parsed. */
export function literalOf(text: string): string | undefined {
  const template = parseOrNone(text);
  return template?.kind === "literal" ? template.value : undefined;
}

/** True where a text gives a text whatever its references stand for. */
export function isAlwaysText(text: string): boolean {
  const template = parseOrNone(text);
  return template !== undefined && template.kind !== "reference";
}

function parseOrNone(text: string): Template | undefined {
  try {
    return parseTemplate(text);
  } catch (cause) {
    if (cause instanceof TemplateError) return undefined;
    throw cause;
  }
}
