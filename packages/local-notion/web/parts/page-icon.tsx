import type { Icon } from "../api/objects.ts";
import { Glyph } from "./glyph.tsx";

/** A page's, database's or callout's icon; without one, the kind's own. */
export function PageIcon({ icon, kind }: { icon: Icon | undefined; kind: "page" | "database" }) {
  const source = pictureOf(icon);
  if (icon?.type === "emoji") {
    return (
      <span className="page-icon" aria-hidden="true">
        {icon.emoji}
      </span>
    );
  }
  return (
    <span className="page-icon" aria-hidden="true">
      {source === undefined ? (
        <Glyph name={kind} />
      ) : (
        <img src={source} alt="" referrerPolicy="no-referrer" />
      )}
    </span>
  );
}

function pictureOf(icon: Icon | undefined): string | undefined {
  switch (icon?.type) {
    case "external":
      return icon.external.url;
    case "file":
      return icon.file.url;
    case "custom_emoji":
      return icon.custom_emoji.url;
    // Notion's own pictures are not ours to show.
    case "icon":
    case "emoji":
    case undefined:
      return undefined;
  }
}
