import { useOpenPage } from "../document/use-page-document.ts";
import { useBlockEdits } from "./use-block-edits.ts";

/** The way to write into a block in which there is nothing yet. */
export function AddInside({ parent }: { parent: string }) {
  const { readOnly } = useOpenPage();
  const { add } = useBlockEdits();
  if (readOnly) return null;
  return (
    <button type="button" className="quiet-button" onClick={() => add("paragraph", { parent })}>
      Nothing here yet. Add text
    </button>
  );
}
