import {
  type InputEvent,
  type KeyboardEvent,
  type MouseEvent,
  useEffectEvent,
  useLayoutEffect,
  useRef,
} from "react";
import type { RichText } from "../api/objects.ts";
import { followInside } from "../parts/link.tsx";
import { type Range, readSelection, selectRange } from "./caret.ts";
import { hasForeignElements, readRuns, writeRuns } from "./editable-text.ts";
import type { Fields } from "./fields.ts";
import { RichTextView } from "./rich-text-view.tsx";
import { isSameText, type Mark, plainText, toggleMark } from "./runs.ts";

export interface RichTextFieldProps {
  value: readonly RichText[];
  /** What the text is, for people who do not see it. */
  label: string;
  placeholder?: string | undefined;
  className?: string | undefined;
  /** Its key among the page's fields. */
  fieldKey: string;
  fields: Fields;
  readOnly?: boolean;
  onChange(value: RichText[]): void;
  /** The person has left the text. */
  onLeave?(): void;
  /** A key was pressed while the caret or selection was at the range. */
  onKey?(event: KeyboardEvent<HTMLElement>, range: Range): void;
}

/**
 * Rich text, edited in place where it may be.
 *
 * The browser edits the element's own content; React never touches it. It is written again only
 * when the value becomes another one than was last read from it, with the caret kept in its place.
 */
export function RichTextField({ readOnly = false, ...props }: RichTextFieldProps) {
  if (!readOnly) return <EditableText {...props} />;
  return (
    <div className={`field ${props.className ?? ""}`} dir="auto">
      <RichTextView value={props.value} />
    </div>
  );
}

function EditableText(props: Omit<RichTextFieldProps, "readOnly">) {
  const { value, fieldKey, fields } = props;
  const element = useRef<HTMLDivElement>(null);
  const written = useRef<readonly RichText[]>([]);
  const known = useRef<readonly RichText[] | undefined>(undefined);

  const write = (runs: readonly RichText[]) => {
    if (!element.current) return;
    // Asked only where it can be: the selection is known after a layout of the whole page.
    const isFocused = document.activeElement === element.current;
    const range = isFocused ? readSelection(element.current) : undefined;
    writeRuns(element.current, runs);
    written.current = runs;
    known.current = runs;
    if (range) selectRange(element.current, range);
  };

  const change = (event: InputEvent<HTMLElement>) => {
    if (!element.current) return;
    const runs = readRuns(element.current, written.current);
    known.current = runs;
    // Not while a character is being composed: that would end it.
    if (!event.nativeEvent.isComposing && hasForeignElements(element.current)) write(runs);
    props.onChange(runs);
  };

  const show = useEffectEvent((runs: readonly RichText[]) => {
    if (!known.current || !isSameText(known.current, runs)) write(runs);
  });
  useLayoutEffect(() => show(value), [value]);

  useLayoutEffect(
    () => (element.current ? fields.add(fieldKey, element.current) : undefined),
    [fields, fieldKey],
  );

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing || !element.current) return;
    const range = readSelection(element.current);
    if (!range) return;
    const mark = markOf(event);
    if (mark && range.end > range.start) {
      event.preventDefault();
      write(toggleMark(readRuns(element.current, written.current), range, mark));
      props.onChange([...written.current]);
    } else {
      props.onKey?.(event, range);
    }
  };

  return (
    <div
      ref={element}
      className={`field ${props.className ?? ""}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no input or textarea holds rich text
      role="textbox"
      aria-multiline="true"
      aria-label={props.label}
      tabIndex={0}
      contentEditable="plaintext-only"
      suppressContentEditableWarning
      spellCheck
      dir="auto"
      data-placeholder={props.placeholder}
      data-empty={plainText(value) === ""}
      onInput={change}
      onBlur={props.onLeave}
      onKeyDown={press}
      onClick={openLink}
    />
  );
}

const marks: Record<string, Mark> = { b: "bold", i: "italic", u: "underline", e: "code" };

function markOf(event: KeyboardEvent): Mark | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === "s" ? "strikethrough" : undefined;
  return marks[key];
}

/** In an editable text the browser leaves links alone. */
function openLink(event: MouseEvent<HTMLElement>): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || !document.getSelection()?.isCollapsed) return;
  const url = new URL(link.href);
  followInside(event.nativeEvent, url);
  if (event.nativeEvent.defaultPrevented) return;
  event.preventDefault();
  open(url, "_blank", "noopener,noreferrer");
}
