import { rootKey } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";
import { plainText } from "../rich-text/runs.ts";
import { useSelected } from "../state/store.ts";

/** The room below the last block: a click there goes on writing. */
export function PageTail() {
  const { document, fields } = useOpenPage();
  const isEmpty = useSelected(document.state, ({ tree }) => tree.roots.length === 0);
  const write = () => {
    const last = document.state.get().tree.roots.at(-1);
    const node = last === undefined ? undefined : document.node(last);
    const isBlank = node?.block.type === "paragraph" && plainText(node.text ?? []) === "";
    const key = node && isBlank ? node.key : document.insert("paragraph", { parent: rootKey });
    fields.focus(key, "end");
  };
  return (
    <button type="button" className="page-tail" onClick={write}>
      {isEmpty ? "Nothing here yet. Click to write, or press Enter in the title." : "Add text"}
    </button>
  );
}
