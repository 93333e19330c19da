import { createContext } from "react";

/** On a narrow screen the sidebar is a drawer over the page. */
export interface Drawer {
  isOpen: boolean;
  open(): void;
  close(): void;
}

export const DrawerContext = createContext<Drawer>({
  isOpen: false,
  open: () => {},
  close: () => {},
});
