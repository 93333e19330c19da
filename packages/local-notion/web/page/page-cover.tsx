import { useState } from "react";
import type { Page } from "../api/objects.ts";
import { fileUrl } from "../blocks/file-url.ts";

/** The picture at the top of a page; nothing when it cannot be loaded. */
export function PageCover({ cover }: { cover: Page["cover"] }) {
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const url = cover ? fileUrl(cover) : undefined;
  if (url === undefined || url === brokenUrl) return null;
  return (
    <div className="page-cover">
      <img src={url} alt="" referrerPolicy="no-referrer" onError={() => setBrokenUrl(url)} />
    </div>
  );
}
