/** Shorter values would make holes in ordinary text. */
const shortest = 4;

/** Takes secrets out of what is stored and shown, and of what later steps see. */
export interface Redactor {
  redact<T>(value: T): T;
  /** From now on this is a secret as well, such as a token that a step was given. */
  hide(name: string, value: string): void;
}

/**
 * Creates the redactor of a run. A secret is found as it is and as URLs and forms write it.
 *
 * @param secrets values by name; the name is put in a value's place.
 */
export function createRedactor(secrets: Readonly<Record<string, string>>): Redactor {
  const marks: Mark[] = [];
  const hide = (name: string, value: string) => {
    for (const written of new Set([value, encodeURIComponent(value.toWellFormed())])) {
      if (written.length < shortest || marks.some((one) => one.value === written)) continue;
      marks.push({ value: written, json: inJson(written), mark: `[secret ${name}]` });
    }
    // The longest first: one secret may be the beginning of another.
    marks.sort((a, b) => b.value.length - a.value.length);
  };
  for (const [name, value] of Object.entries(secrets)) hide(name, value);
  return {
    hide,
    redact<T>(value: T): T {
      if (marks.length === 0) return value;
      const text = JSON.stringify(value);
      if (text === undefined || !marks.some(({ json }) => text.includes(json))) return value;
      return clean(JSON.parse(text), marks) as T;
    },
  };
}

interface Mark {
  value: string;
  /** The value as JSON writes it inside of a string. */
  json: string;
  mark: string;
}

/** A secret of digits is found in numbers, too: they become texts. */
function clean(value: unknown, marks: readonly Mark[]): unknown {
  switch (typeof value) {
    case "string":
      return cleanText(value, marks);
    case "number": {
      const text = String(value);
      const cleaned = cleanText(text, marks);
      return cleaned === text ? value : cleaned;
    }
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => clean(item, marks));
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [cleanText(key, marks), clean(item, marks)]),
      );
    default:
      return value;
  }
}

function cleanText(text: string, marks: readonly Mark[]): string {
  return marks.reduce((cleaned, { value, mark }) => cleaned.replaceAll(value, () => mark), text);
}

/** A text as JSON writes it inside of a string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
