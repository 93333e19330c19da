import type { View } from "../api/view.ts";
import { presentUser } from "../api/present-user.ts";
import { pageTitle } from "../api/titles.ts";
import { nodeUrl } from "../api/urls.ts";
import type { FileSource, Icon, Mention, RichText } from "./rich-text.ts";

/** Rich text as answers have it: with what each run reads and leads to. */
export function presentRichText(items: readonly RichText[], view: View): object[] {
  return items.map((item) => presentItem(item, view));
}

function presentItem(item: RichText, view: View): object {
  const { annotations } = item;
  switch (item.type) {
    case "text": {
      const href = item.text.link?.url ?? null;
      return { type: "text", text: item.text, annotations, plain_text: item.text.content, href };
    }
    case "equation": {
      const plainText = item.equation.expression;
      const { equation } = item;
      return { type: "equation", equation, annotations, plain_text: plainText, href: null };
    }
    case "mention": {
      const { shown, text, href } = presentMention(item.mention, view);
      return { type: "mention", mention: shown, annotations, plain_text: text, href };
    }
  }
}

interface PresentedMention {
  shown: object;
  text: string;
  href: string | null;
}

function presentMention(mention: Mention, view: View): PresentedMention {
  switch (mention.type) {
    case "user": {
      const user = presentUser(mention.user.id, view);
      const name = "name" in user ? user.name : "Anonymous";
      return { shown: { type: "user", user }, text: `@${String(name)}`, href: null };
    }
    case "page":
      return { shown: mention, ...reference(mention.page.id, view) };
    case "database":
      return { shown: mention, ...reference(mention.database.id, view) };
    case "date": {
      const { start, end } = mention.date;
      return { shown: mention, text: end ? `${start} → ${end}` : start, href: null };
    }
    case "custom_emoji":
      return { shown: mention, text: `:${mention.custom_emoji.name}:`, href: null };
    case "template_mention":
      return { shown: mention, text: `@${Object.values(mention.template_mention)[1]}`, href: null };
    case "link_preview": {
      const { url } = mention.link_preview;
      return { shown: mention, text: url, href: url };
    }
    case "link_mention": {
      const { href } = mention.link_mention;
      return { shown: mention, text: href, href };
    }
  }
}

function reference(id: string, view: View): { text: string; href: string | null } {
  const node = view.store.get("nodes", id);
  if (!node || !view.canSee(node)) return { text: "Untitled", href: nodeUrl(id, "", view) };
  return { text: pageTitle(node) || "Untitled", href: nodeUrl(id, "", view) };
}

export function presentFile(file: FileSource, view: View): object {
  if (file.type === "external") return file;
  if (file.type === "file") return presentHosted(file.file.url, view);
  return presentHosted(view.uploadUrl(file.file_upload.id), view);
}

const hostedUrlLifeMs = 3_600_000;

function presentHosted(url: string, view: View): object {
  const expiry = new Date(view.clock.now() + hostedUrlLifeMs).toISOString();
  return { type: "file", file: { url, expiry_time: expiry } };
}

export function presentIcon(icon: Icon | null, view: View): object | null {
  if (!icon) return null;
  if (icon.type === "emoji" || icon.type === "custom_emoji" || icon.type === "icon") return icon;
  return presentFile(icon, view);
}

export function presentCover(cover: FileSource | null, view: View): object | null {
  return cover ? presentFile(cover, view) : null;
}

/** What an upload was called when it was sent; other files without a name are just files. */
export function uploadName(source: FileSource, view: View): string {
  if (source.type !== "file_upload") return "file";
  return view.store.get("uploads", source.file_upload.id)?.filename ?? "file";
}
