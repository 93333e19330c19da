/**
 * A provider's words as one sentence that is fit to be shown: one line, at most 300 characters,
 * nothing invisible, and none of `secrets`, should the provider repeat one.
 */
export function toSentence(text: string, secrets: readonly string[] = []): string {
  const hidden = secrets.reduce(
    (shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "…")),
    text,
  );
  const line = hidden.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  if (line.length > 300) return `${line.slice(0, 299)}…`;
  return line === "" || /[.!?…]$/.test(line) ? line : `${line}.`;
}
