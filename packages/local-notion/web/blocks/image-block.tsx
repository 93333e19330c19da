import { useState } from "react";
import type { BlockOf } from "../api/objects.ts";
import { plainText } from "../rich-text/runs.ts";
import { Caption } from "./caption.tsx";
import { LinkCard } from "./link-card-block.tsx";
import { fileUrl } from "./file-url.ts";

/** A picture; where it cannot be loaded, a link to it. */
export function ImageBlock({ block }: { block: BlockOf<"image"> }) {
  const [isBroken, setBroken] = useState(false);
  const { caption } = block.image;
  const url = fileUrl(block.image);
  return (
    <figure className="image">
      {isBroken ? (
        <LinkCard url={url} glyph="image" kind="Image that could not be loaded" />
      ) : (
        <img
          src={url}
          alt={plainText(caption)}
          loading="lazy"
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
      <Caption text={caption} />
    </figure>
  );
}
