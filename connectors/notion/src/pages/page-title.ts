import { plainText, RichText } from "../rich-text.ts";
import type { Page } from "../schemas.ts";

/** The name of a page's title property, which data sources let people rename. */
export function titleName(page: Pick<Page, "properties">): string {
  const found = Object.entries(page.properties ?? {}).find(([, { type }]) => type === "title");
  return found?.[0] ?? "title";
}

/** A page's title as text; empty for a page without one. */
export function titleOf(page: Pick<Page, "properties">): string {
  const value = page.properties?.[titleName(page)];
  return plainText(RichText.safeParse(value?.["title"]).data ?? []);
}
