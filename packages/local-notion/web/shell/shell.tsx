import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Sidebar } from "../sidebar/sidebar.tsx";
import { type Route, useRoute } from "../state/router.ts";
import { DrawerContext } from "./drawer.ts";
import { NoticeList } from "./notice-list.tsx";
import { useNarrow } from "./use-narrow.ts";

/** The sidebar and, beside it, what the address names. */
export function Shell({ children }: { children: ReactNode }) {
  const isNarrow = useNarrow();
  const route = useRoute();
  // The drawer is opened at one place and so closes by going to another.
  const [openedAt, setOpenedAt] = useState<Route>();
  const isOpen = isNarrow && openedAt === route;
  const drawer = useMemo(
    () => ({ isOpen, open: () => setOpenedAt(route), close: () => setOpenedAt(undefined) }),
    [isOpen, route],
  );
  const sidebar = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const beside = sheet.current;
    if (!isOpen || !beside) return undefined;
    sidebar.current?.querySelector<HTMLElement>("a, button")?.focus();
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpenedAt(undefined);
    };
    addEventListener("keydown", close);
    return () => {
      removeEventListener("keydown", close);
      // Whoever went to another page has the focus there already.
      if (beside.contains(document.activeElement)) return;
      beside.querySelector<HTMLElement>(".drawer-button")?.focus();
    };
  }, [isOpen]);

  return (
    <DrawerContext value={drawer}>
      <a className="skip-link" href="#content">
        Skip to the page
      </a>
      <div className={isOpen ? "shell has-drawer" : "shell"}>
        <div ref={sidebar} className="sidebar-place" inert={isNarrow && !isOpen}>
          <Sidebar />
        </div>
        {isOpen && (
          <button
            type="button"
            className="drawer-backdrop"
            aria-label="Hide the sidebar"
            tabIndex={-1}
            onClick={drawer.close}
          />
        )}
        <div ref={sheet} className="sheet" inert={isOpen}>
          {children}
        </div>
      </div>
      <NoticeList />
    </DrawerContext>
  );
}
