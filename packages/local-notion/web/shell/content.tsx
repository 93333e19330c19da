import { type ReactNode, useLayoutEffect, useRef } from "react";
import { hasNavigated } from "../state/router.ts";

interface ContentProps {
  isWide?: boolean;
  children: ReactNode;
}

/** What the address names. Whoever comes to it from another page gets the focus there. */
export function Content({ isWide = false, children }: ContentProps) {
  const main = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (hasNavigated()) main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main ref={main} id="content" className={isWide ? "content is-wide" : "content"} tabIndex={-1}>
      {children}
    </main>
  );
}
