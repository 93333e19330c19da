import { type KeyboardEvent, type RefObject, useEffectEvent, useLayoutEffect, useRef } from "react";
import { Glyph, type GlyphName } from "./glyph.tsx";

export interface MenuItem {
  label: string;
  /** What tells it from others, where labels may be the same. */
  key?: string;
  /** Without one, the place of it stays empty. */
  glyph?: GlyphName | undefined;
  /** Whether it is the one chosen of several that exclude each other. */
  isChosen?: boolean;
  /** What could be typed or pressed instead. */
  hint?: string;
  isDangerous?: boolean;
  run(): void;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  anchor: RefObject<HTMLElement | null>;
  /** Nothing was chosen: with Escape or Tab, or because the person went on elsewhere. */
  onDismiss(how: "key" | "elsewhere"): void;
  /** Something was chosen and is about to run. */
  onChoose(): void;
}

/**
 * A menu beside its anchor, in the browser's top layer: arrow keys, Home, End and first letters
 * move, Escape, Tab and a click elsewhere dismiss. It is there only while it is rendered.
 */
export function Menu({ label, items, anchor, onDismiss, onChoose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);

  const dismiss = useEffectEvent(onDismiss);
  useLayoutEffect(() => {
    const shown = menu.current;
    if (!shown || !anchor.current) return undefined;
    shown.showPopover();
    putBeside(shown, anchor.current);
    itemsOf(shown)[0]?.focus({ preventScroll: true });
    const close = (event: ToggleEvent) => {
      if (event.newState === "closed") dismiss("elsewhere");
    };
    const leave = (event: Event) => {
      if (!(event.target instanceof Node && shown.contains(event.target))) dismiss("elsewhere");
    };
    shown.addEventListener("toggle", close);
    addEventListener("scroll", leave, true);
    addEventListener("resize", leave);
    return () => {
      shown.removeEventListener("toggle", close);
      removeEventListener("scroll", leave, true);
      removeEventListener("resize", leave);
      shown.hidePopover();
    };
  }, [anchor]);

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.key === "Tab" || event.key === "Escape") {
      event.preventDefault();
      onDismiss("key");
      return;
    }
    const next = nextItem(itemsOf(event.currentTarget), event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div
      ref={menu}
      className="menu"
      role="menu"
      aria-label={label}
      popover="auto"
      tabIndex={-1}
      onKeyDown={press}
    >
      {items.map((item) => (
        <button
          key={item.key ?? item.label}
          type="button"
          role={item.isChosen === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={item.isChosen}
          tabIndex={-1}
          className={item.isDangerous ? "menu-item is-dangerous" : "menu-item"}
          onClick={() => {
            onChoose();
            item.run();
          }}
        >
          {item.glyph ? <Glyph name={item.glyph} /> : <span className="glyph-gap" />}
          <span className="menu-label">{item.label}</span>
          {item.hint !== undefined && <kbd aria-hidden="true">{item.hint}</kbd>}
        </button>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function nextItem(items: HTMLElement[], key: string): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement);
  switch (key) {
    case "ArrowDown":
      return items[(at + 1) % items.length];
    case "ArrowUp":
      return items.at(at <= 0 ? -1 : at - 1);
    case "Home":
      return items[0];
    case "End":
      return items.at(-1);
    default: {
      if (key.length !== 1 || key === " ") return undefined;
      const begins = (item: HTMLElement) =>
        item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase());
      return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins);
    }
  }
}

const marginPx = 8;

function putBeside(menu: HTMLElement, anchor: HTMLElement): void {
  const beside = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = beside.bottom + 4;
  const fits = below + height + marginPx <= innerHeight;
  const above = Math.max(marginPx, beside.top - height - 4);
  const top =
    fits || beside.top < height ? Math.min(below, innerHeight - height - marginPx) : above;
  const left = Math.min(beside.left, innerWidth - width - marginPx);
  menu.style.top = `${Math.max(marginPx, top)}px`;
  menu.style.left = `${Math.max(marginPx, left)}px`;
}
