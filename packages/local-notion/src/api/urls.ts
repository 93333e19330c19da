import { toBare } from "../ids.ts";

/** `<public url>/p/Title-Words-<id32>`: the form of Notion's page URLs, opened by Local Notion. */
export function nodeUrl(id: string, title: string, view: { publicUrl: string }): string {
  const words = title.replaceAll(/[^\p{Letter}\p{Number}_]+/gu, "-").replaceAll(/^-|-$/g, "");
  const slug = words ? `${encodeURIComponent(words)}-` : "";
  return `${view.publicUrl}/p/${slug}${toBare(id)}`;
}
