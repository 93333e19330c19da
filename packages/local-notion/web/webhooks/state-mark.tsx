export type Tone = "good" | "bad" | "waiting";

/** A state in a word; its colour only repeats what the word says. */
export function StateMark({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`state-mark is-${tone}`}>{children}</span>;
}
