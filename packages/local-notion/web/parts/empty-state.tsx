import type { ReactNode } from "react";
import { Glyph, type GlyphName } from "./glyph.tsx";

interface EmptyStateProps {
  glyph: GlyphName;
  title: string;
  children?: ReactNode;
}

/** What is shown where there is nothing, or nothing that could be read. */
export function EmptyState({ glyph, title, children }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <span className="empty-glyph">
        <Glyph name={glyph} />
      </span>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
