/** Shorter values would make holes in ordinary text. */
const shortest = 4;

/** Takes secrets out of what is stored and shown, and of what later steps see. */
export interface Redactor {
  redact<T>(value: T): T;
}

const nothing: Redactor = { redact: (value) => value };

/** @param secrets values by name; the name is put in a value's place. */
export function createRedactor(secrets: Readonly<Record<string, string>>): Redactor {
  const marks = Object.entries(secrets)
    .filter(([, value]) => value.length >= shortest)
    // The longest first: one secret may be the beginning of another.
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, value]) => ({ text: inJson(value), mark: inJson(`[secret ${name}]`) }));
  if (marks.length === 0) return nothing;
  return {
    redact<T>(value: T): T {
      const json = JSON.stringify(value);
      if (json === undefined || !marks.some(({ text }) => json.includes(text))) return value;
      let clean = json;
      for (const { text, mark } of marks) clean = clean.replaceAll(text, () => mark);
      // Only what stands inside of JSON's strings was replaced, by what may stand there.
      return JSON.parse(clean) as T;
    },
  };
}

/** A text as JSON writes it inside of a string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
