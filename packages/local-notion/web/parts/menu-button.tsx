import { useRef, useState } from "react";
import type { GlyphName } from "./glyph.tsx";
import { IconButton } from "./icon-button.tsx";
import { Menu, type MenuItem } from "./menu.tsx";

interface MenuButtonProps {
  label: string;
  glyph: GlyphName;
  items: readonly MenuItem[];
  className?: string;
  tabIndex?: number;
}

/** A button that opens a menu and gets the focus back from it. */
export function MenuButton({ label, glyph, items, className = "", tabIndex }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  const dismiss = (how: "key" | "elsewhere") => (how === "key" ? close() : setOpen(false));
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        glyph={glyph}
        className={`${className} ${isOpen ? "is-open" : ""}`}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <Menu label={label} items={items} anchor={button} onDismiss={dismiss} onChoose={close} />
      )}
    </>
  );
}
