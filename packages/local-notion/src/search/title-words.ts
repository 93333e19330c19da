/** The words of a title or a query, as search compares them. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter(Boolean);
}

/** What a word of a query must begin a word of the title with: a plural finds its singular too. */
export function stemOf(word: string): string {
  return word.length > 3 ? word.replace(/s$/, "") : word;
}
