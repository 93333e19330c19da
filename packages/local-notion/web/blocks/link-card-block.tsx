import type { BlockOf } from "../api/objects.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { Link } from "../parts/link.tsx";
import { Caption } from "./caption.tsx";
import { fileUrl } from "./file-url.ts";

type LinkedBlock = BlockOf<
  "bookmark" | "embed" | "link_preview" | "video" | "audio" | "pdf" | "file"
>;

/** Something that is elsewhere. This page loads nothing but pictures from other machines. */
export function LinkCardBlock({ block }: { block: LinkedBlock }) {
  return (
    <figure className="link-figure">
      <LinkCard {...toCard(block)} />
      <Caption text={captionOf(block)} />
    </figure>
  );
}

interface LinkCardProps {
  url: string;
  glyph: GlyphName;
  kind: string;
  name?: string;
}

export function LinkCard({ url, glyph, kind, name }: LinkCardProps) {
  const parsed = URL.parse(url);
  return (
    <Link className="link-card" href={url}>
      <span className="link-card-glyph">
        <Glyph name={glyph} />
      </span>
      <span className="link-card-text">
        <span className="link-card-name">{name || parsed?.hostname || url || kind}</span>
        <span className="link-card-url">{parsed ? `${kind} · ${url}` : kind}</span>
      </span>
    </Link>
  );
}

function toCard(block: LinkedBlock): LinkCardProps {
  switch (block.type) {
    case "bookmark":
      return { url: block.bookmark.url, glyph: "link", kind: "Bookmark" };
    case "embed":
      return { url: block.embed.url, glyph: "link", kind: "Embed" };
    case "link_preview":
      return { url: block.link_preview.url, glyph: "link", kind: "Link" };
    case "video":
      return { url: fileUrl(block.video), glyph: "video", kind: "Video" };
    case "audio":
      return { url: fileUrl(block.audio), glyph: "audio", kind: "Audio" };
    case "pdf":
      return { url: fileUrl(block.pdf), glyph: "file", kind: "PDF" };
    case "file":
      return { url: fileUrl(block.file), glyph: "file", kind: "File", name: block.file.name };
  }
}

function captionOf(block: LinkedBlock) {
  switch (block.type) {
    case "bookmark":
      return block.bookmark.caption;
    case "embed":
      return block.embed.caption;
    case "video":
      return block.video.caption;
    case "audio":
      return block.audio.caption;
    case "pdf":
      return block.pdf.caption;
    case "file":
      return block.file.caption;
    case "link_preview":
      return [];
  }
}
