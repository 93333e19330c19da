import type { PageDocument } from "../document/page-document.ts";
import { Glyph } from "../parts/glyph.tsx";
import { useStore } from "../state/store.ts";

const words = {
  saved: "Saved",
  unsaved: "Editing",
  saving: "Saving",
  failed: "Not saved",
} as const;

/** Whether what is seen is what the server has. */
export function SaveMark({ document }: { document: PageDocument }) {
  const { kind } = useStore(document.outbox.state);
  return (
    <span className={`save-mark is-${kind}`}>
      {kind === "saved" && <Glyph name="check" />}
      {kind === "failed" && <Glyph name="warning" />}
      {words[kind]}
    </span>
  );
}
