import type { ReactNode } from "react";
import { CheckIcon, CrossIcon } from "./icons.tsx";
import { ProviderIcon } from "./provider-icon.tsx";

export type LinkState = "open" | "waiting" | "joined" | "broken" | "failed";

/** The customer's product and the provider, and what is between them. Decoration. */
export function LinkMark(props: { type: string; project: string; state: LinkState }) {
  return (
    <div className="link-mark" data-state={props.state} aria-hidden="true">
      <span className="tile tile-project">{firstLetter(props.project)}</span>
      <span className="link-line">{toSign(props.state)}</span>
      <ProviderIcon type={props.type} />
    </div>
  );
}

function toSign(state: LinkState): ReactNode {
  switch (state) {
    case "open":
    case "waiting":
      return (
        <>
          <i />
          <i />
          <i />
        </>
      );
    case "joined":
    case "broken":
    case "failed":
      return <b>{state === "joined" ? <CheckIcon /> : <CrossIcon />}</b>;
  }
}

/** By grapheme: a flag or an accented letter is one. */
function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? "";
}
