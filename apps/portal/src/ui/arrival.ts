import { createContext, type RefObject, useContext, useEffect, useRef } from "react";

/** Whether the dialog has shown anything yet. */
export const ArrivalContext = createContext<RefObject<boolean>>({ current: false });

/**
 * A ref for what takes the focus when a view replaces another: the control that led here is gone,
 * and a screen reader should read what came. The first view leaves the focus to the dialog.
 */
export function useArrivalFocus<E extends HTMLElement>(): RefObject<E | null> {
  const hasArrived = useContext(ArrivalContext);
  const target = useRef<E>(null);
  useEffect(() => {
    if (hasArrived.current) target.current?.focus();
  }, [hasArrived]);
  return target;
}
