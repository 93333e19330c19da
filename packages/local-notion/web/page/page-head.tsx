import type { KeyboardEvent } from "react";
import type { Page } from "../api/objects.ts";
import { rootKey } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";
import { PageIcon } from "../parts/page-icon.tsx";
import { caretLeft, isAtEdge } from "../rich-text/caret.ts";
import { RichTextField } from "../rich-text/rich-text-field.tsx";
import { useSelected } from "../state/store.ts";

/** The page's icon and title. */
export function PageHead({ page }: { page: Page }) {
  const { document, fields, readOnly } = useOpenPage();
  const title = useSelected(document.state, (state) => state.title);

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Enter") {
      event.preventDefault();
      const first = document.state.get().tree.roots[0];
      fields.focus(document.insert("paragraph", { parent: rootKey, before: first }), "start");
    } else if (event.key === "ArrowDown" && isAtEdge(event.currentTarget, "last")) {
      if (fields.cross("title", 1, caretLeft())) event.preventDefault();
    }
  };

  return (
    <header className="page-head">
      {page.icon && <PageIcon icon={page.icon} kind="page" />}
      <h1 className="page-title">
        <RichTextField
          value={title}
          label="Title of the page"
          placeholder="Untitled"
          fieldKey="title"
          fields={fields}
          readOnly={readOnly}
          onChange={(text) => document.setTitle(text)}
          onLeave={() => document.outbox.flush()}
          onKey={press}
        />
      </h1>
    </header>
  );
}
