import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";
import { plainText } from "../rich-text/runs.ts";
import { BlockText } from "./block-text.tsx";
import { Nested } from "./nested-blocks.tsx";
import { TextColors } from "./text-colors.tsx";

export function BulletedItem(props: { node: BlockNode; block: BlockOf<"bulleted_list_item"> }) {
  const { node, block } = props;
  return (
    <TextColors color={block.bulleted_list_item.color}>
      <div className="with-marker">
        <span className="marker bullet" aria-hidden="true" />
        <BlockText node={node} label="List item" placeholder="List" />
      </div>
      <Nested node={node} />
    </TextColors>
  );
}

interface NumberedItemProps {
  node: BlockNode;
  block: BlockOf<"numbered_list_item">;
  number: number;
}

export function NumberedItem({ node, block, number }: NumberedItemProps) {
  return (
    <TextColors color={block.numbered_list_item.color}>
      <div className="with-marker">
        <span className="marker number" aria-hidden="true">
          {number}.
        </span>
        <BlockText node={node} label={`List item ${number}`} placeholder="List" />
      </div>
      <Nested node={node} />
    </TextColors>
  );
}

export function ToDoItem({ node, block }: { node: BlockNode; block: BlockOf<"to_do"> }) {
  const { document, readOnly } = useOpenPage();
  const { checked, color } = block.to_do;
  return (
    <TextColors color={color}>
      <div className="with-marker">
        <span className="marker">
          <input
            type="checkbox"
            aria-label={`Done: ${plainText(node.text ?? []) || "to-do"}`}
            checked={checked}
            disabled={readOnly}
            onChange={(event) => document.setChecked(node.key, event.target.checked)}
          />
        </span>
        <BlockText
          node={node}
          label="To-do"
          placeholder="To-do"
          className={checked ? "is-done" : ""}
        />
      </div>
      <Nested node={node} />
    </TextColors>
  );
}
