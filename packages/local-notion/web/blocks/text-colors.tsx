import type { ReactNode } from "react";
import { colorClass } from "../rich-text/appearance.ts";

interface TextColorsProps {
  /** One of the API's colours, of the text or behind it. */
  color: string;
  className?: string;
  children: ReactNode;
}

/** A block's own colour. */
export function TextColors({ color, className = "", children }: TextColorsProps) {
  return <div className={`block-colors ${className} ${colorClass(color)}`}>{children}</div>;
}
