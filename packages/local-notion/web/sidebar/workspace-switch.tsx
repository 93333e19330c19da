import { useRef, useState } from "react";
import { rememberWorkspace } from "../api/chosen-workspace.ts";
import type { Session } from "../api/request.ts";
import { Glyph } from "../parts/glyph.tsx";
import { initialOf } from "../parts/initial.ts";
import { Menu } from "../parts/menu.tsx";
import { useStore } from "../state/store.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** The workspace's name; where there are several, a button to go to another one. */
export function WorkspaceSwitch() {
  const session = useStore(useWorkspace().session);
  if (session && session.workspaces.length > 1) return <SwitchButton session={session} />;
  return (
    <div className="workspace-name">
      <Name session={session} />
    </div>
  );
}

function SwitchButton({ session }: { session: Session }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="workspace-name is-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Name session={session} />
        <Glyph name="arrow" />
      </button>
      {isOpen && (
        <Menu
          label="Workspaces"
          items={session.workspaces.map(({ id, name, icon }) => {
            const isChosen = id === session.workspaceId;
            return {
              key: id,
              label: icon === null ? name : `${icon} ${name}`,
              glyph: isChosen ? ("check" as const) : undefined,
              isChosen,
              run: () => isChosen || goTo(id),
            };
          })}
          anchor={button}
          onDismiss={(how) => (how === "key" ? close() : setOpen(false))}
          onChoose={close}
        />
      )}
    </>
  );
}

/** The page is loaded anew, so that nothing of one workspace is left in the other. */
function goTo(workspaceId: string): void {
  rememberWorkspace(workspaceId);
  location.assign("/");
}

function Name({ session }: { session: Session | undefined }) {
  const icon = session?.workspaces.find(({ id }) => id === session.workspaceId)?.icon;
  return (
    <>
      <span className={icon ? "workspace-mark is-icon" : "workspace-mark"} aria-hidden="true">
        {icon ?? (session ? initialOf(session.workspace) : "")}
      </span>
      <span className="workspace-words">
        <strong>{session ? session.workspace : <span className="skeleton" />}</strong>
        <span>{session?.person.name}</span>
      </span>
    </>
  );
}
