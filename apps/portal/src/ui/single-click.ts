import type { MouseEvent } from "react";

/** Leaves out the second click of a double click: it was meant for the button that stood there before. */
export function singleClick(act: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) act();
  };
}
