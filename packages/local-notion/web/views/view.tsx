import type { ReactNode } from "react";
import { Content } from "../shell/content.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { useDocumentTitle } from "../state/use-document-title.ts";

interface ViewProps {
  title: string;
  /** One sentence below the title. */
  lead?: ReactNode;
  children: ReactNode;
}

/** A view that is no page of the workspace. */
export function View({ title, lead, children }: ViewProps) {
  useDocumentTitle(title);
  return (
    <>
      <TopBar />
      <Content>
        <div className="page view">
          <header className="page-head">
            <h1 className="page-title">{title}</h1>
            {lead !== undefined && <p className="page-description">{lead}</p>}
          </header>
          {children}
        </div>
      </Content>
    </>
  );
}
