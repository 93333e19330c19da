import type { ComponentProps } from "react";
import { Glyph, type GlyphName } from "./glyph.tsx";

type IconButtonProps = ComponentProps<"button"> & { label: string; glyph: GlyphName };

export function IconButton({ label, glyph, className = "", ...others }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={label}
      {...others}
    >
      <Glyph name={glyph} />
    </button>
  );
}
