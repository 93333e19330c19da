import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { plainText } from "../rich-text/runs.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { BlockText } from "./block-text.tsx";
import { Caption } from "./caption.tsx";

export function CodeBlock({ node, block }: { node: BlockNode; block: BlockOf<"code"> }) {
  const { notices } = useWorkspace();
  const { language, caption } = block.code;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(plainText(node.text ?? []));
      notices.tell("Code copied.");
    } catch {
      notices.tellError("The browser did not allow copying. Select the code and copy it.");
    }
  };
  return (
    <figure className="code">
      <div className="code-head">
        <span>{language}</span>
        <IconButton label="Copy code" glyph="copy" onClick={() => void copy()} />
      </div>
      <BlockText node={node} label={`Code, ${language}`} className="code-text" isMultiline />
      <Caption text={caption} />
    </figure>
  );
}
