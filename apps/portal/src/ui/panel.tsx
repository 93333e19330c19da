import { Dialog } from "@base-ui/react/dialog";
import { type ReactNode, useId } from "react";
import { useArrivalFocus } from "./arrival.ts";

/** One thing that happened, in the middle of the card, with what to do next below. */
export function Panel(props: {
  mark: ReactNode;
  title: string;
  children: ReactNode;
  actions: ReactNode;
}) {
  const id = useId();
  const panel = useArrivalFocus<HTMLElement>();
  return (
    <>
      <section
        ref={panel}
        className="card-body panel"
        tabIndex={-1}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
      >
        {props.mark}
        <div aria-live="polite">
          <Dialog.Title id={`${id}-title`} className="panel-title" dir="auto">
            {props.title}
          </Dialog.Title>
          <Dialog.Description
            id={`${id}-text`}
            className="panel-text"
            render={<div>{props.children}</div>}
          />
        </div>
      </section>
      <footer className="card-footer">{props.actions}</footer>
    </>
  );
}
