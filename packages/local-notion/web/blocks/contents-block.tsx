import { isTextBlock } from "../document/block-kinds.ts";
import type { BlockTree } from "../document/block-tree.ts";
import { childrenOf, rootKey } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";
import { plainText } from "../rich-text/runs.ts";
import { useSelected } from "../state/store.ts";

/** The page's headings, each a way to it. */
export function ContentsBlock() {
  const { document: open, fields } = useOpenPage();
  // As one text, so that it is drawn anew only when a heading has changed.
  const lines = useSelected(open.state, ({ tree }) => headingLines(tree).join("\n"));
  if (lines === "") return <p className="contents-empty">Headings of this page show here.</p>;
  return (
    <nav className="contents" aria-label="On this page">
      {lines.split("\n").map((line) => {
        const [key = "", level = "1", title = ""] = line.split("\t");
        return (
          <button
            key={key}
            type="button"
            className={`contents-${level}`}
            onClick={() => {
              showHeading(key);
              fields.focus(key, "start");
            }}
          >
            {title}
          </button>
        );
      })}
    </nav>
  );
}

/** Of a page that can only be read, no text takes the focus. */
function showHeading(key: string): void {
  document.querySelector(`[data-heading="${CSS.escape(key)}"]`)?.scrollIntoView();
}

function headingLines(tree: BlockTree, parent: string = rootKey): string[] {
  return childrenOf(tree, parent).flatMap((key) => {
    const node = tree.nodes.get(key);
    if (!node) return [];
    const level = isTextBlock(node.block) && /^heading_(\d)$/.exec(node.block.type)?.[1];
    const title = plainText(node.text ?? []).replaceAll(/\s+/g, " ");
    const own = level ? [[key, level, title || "Untitled"].join("\t")] : [];
    return [...own, ...headingLines(tree, key)];
  });
}
