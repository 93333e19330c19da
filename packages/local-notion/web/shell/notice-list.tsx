import { useEffect, useEffectEvent, useState } from "react";
import { Glyph } from "../parts/glyph.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { useStore } from "../state/store.ts";
import type { Notice } from "../workspace/notices.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** Messages go after so long, but not while the pointer or the focus is on them. */
const shownMs = 8_000;

export function NoticeList() {
  const { notices } = useWorkspace();
  const shown = useStore(notices.state);
  return (
    <div className="notices" aria-live="polite">
      {shown.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} onDismiss={() => notices.dismiss(notice.id)} />
      ))}
    </div>
  );
}

function NoticeLine({ notice, onDismiss }: { notice: Notice; onDismiss(): void }) {
  const [isHeld, setHeld] = useState(false);
  const { isError, text, action } = notice;
  const dismiss = useEffectEvent(onDismiss);
  useEffect(() => {
    if (isHeld || isError) return undefined;
    const timer = setTimeout(() => dismiss(), shownMs);
    return () => clearTimeout(timer);
  }, [isHeld, isError]);
  return (
    <div
      className={isError ? "notice is-problem" : "notice"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {isError && <Glyph name="warning" />}
      <p>{text}</p>
      {action && (
        <button
          type="button"
          className="button is-quiet"
          onClick={() => {
            onDismiss();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label="Dismiss" glyph="close" onClick={onDismiss} />
    </div>
  );
}
