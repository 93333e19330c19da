import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import type { RichText } from "../api/objects.ts";
import { shortcutType } from "../document/block-kinds.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";
import { Menu } from "../parts/menu.tsx";
import { caretLeft, isAtEdge, type Range } from "../rich-text/caret.ts";
import { RichTextField } from "../rich-text/rich-text-field.tsx";
import { plainText, textRun } from "../rich-text/runs.ts";
import { newBlockItems } from "./new-block-items.ts";
import { useBlockEdits } from "./use-block-edits.ts";

interface BlockTextProps {
  node: BlockNode;
  label: string;
  placeholder?: string;
  className?: string;
  /** What the block folds is in view, so that Enter writes there. */
  isOpen?: boolean;
  /** Enter begins a new line in the same block. */
  isMultiline?: boolean;
}

/** The text of a block, edited in place, with the keys that make, join and leave blocks. */
export function BlockText(props: BlockTextProps) {
  const { node, isOpen = false, isMultiline = false } = props;
  const { document, fields, readOnly } = useOpenPage();
  const edits = useBlockEdits();
  const anchor = useRef<HTMLElement>(null);
  const [choosesType, setChoosesType] = useState(false);

  const change = (text: RichText[]) => {
    const type = node.block.type === "paragraph" ? shortcutType(plainText(text)) : undefined;
    if (type) edits.replace(node, type);
    else document.setText(node.key, text);
  };

  const press = (event: KeyboardEvent<HTMLElement>, range: Range) => {
    const isPlain = !(event.shiftKey || event.altKey || event.ctrlKey || event.metaKey);
    const isDone = (done: boolean) => done && event.preventDefault();
    switch (event.key) {
      case "Enter":
        if (isMultiline ? !(event.ctrlKey || event.metaKey) : !isPlain) return;
        edits.breakAt(node, range, isOpen);
        return isDone(true);
      case "Backspace":
        if (range.end > 0 || !isPlain) return;
        return isDone(edits.backspace(node));
      case "/":
        if (plainText(node.text ?? []) !== "") return;
        anchor.current = event.currentTarget;
        setChoosesType(true);
        return isDone(true);
      case "ArrowUp":
      case "ArrowDown":
        if (isPlain) isDone(crossEdge(event));
    }
  };

  const crossEdge = (event: KeyboardEvent<HTMLElement>) => {
    const up = event.key === "ArrowUp";
    if (!isAtEdge(event.currentTarget, up ? "first" : "last")) return false;
    return fields.cross(node.key, up ? -1 : 1, caretLeft());
  };

  return (
    <>
      <RichTextField
        value={node.text ?? []}
        label={props.label}
        placeholder={props.placeholder}
        className={props.className}
        fieldKey={node.key}
        fields={fields}
        readOnly={readOnly}
        onChange={change}
        onLeave={() => document.outbox.flush()}
        onKey={press}
      />
      {choosesType && (
        <TypeMenu anchor={anchor} onClose={() => setChoosesType(false)} node={node} />
      )}
    </>
  );
}

interface TypeMenuProps {
  node: BlockNode;
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
}

/** Opened with "/" in an empty block: it becomes what is chosen, or has a "/" in it after all. */
function TypeMenu({ node, anchor, onClose }: TypeMenuProps) {
  const { document, fields } = useOpenPage();
  const { replace } = useBlockEdits();
  const dismiss = (how: "key" | "elsewhere") => {
    onClose();
    if (how === "elsewhere") return;
    document.setText(node.key, [textRun("/")]);
    fields.focus(node.key, "end");
  };
  return (
    <Menu
      label="Turn into"
      items={newBlockItems((type) => replace(node, type))}
      anchor={anchor}
      onDismiss={dismiss}
      onChoose={onClose}
    />
  );
}
