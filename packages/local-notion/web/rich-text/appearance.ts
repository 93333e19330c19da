import type { RichText } from "../api/objects.ts";
import { pageHref } from "../state/router.ts";

/** The classes that show a run's marks, colour and kind. */
export function appearance(run: RichText): string {
  const { color, ...marks } = run.annotations;
  const classes = Object.entries(marks).flatMap(([mark, on]) => (on ? [`mark-${mark}`] : []));
  if (color !== "default") classes.push(colorClass(color));
  if (run.type === "equation") classes.push("inline-equation");
  if (run.type === "mention") classes.push("mention", `mention-${run.mention.type}`);
  return classes.join(" ");
}

/** The class of one of the API's colours, such as `red` or `red_background`. */
export function colorClass(color: string | undefined): string {
  return color === undefined || color === "default" ? "" : `color-${color}`;
}

/** Where a mention leads, if anywhere. */
export function mentionHref(run: RichText & { type: "mention" }): string | null {
  const { mention } = run;
  if (mention.type === "page") return pageHref(mention.page.id);
  if (mention.type === "database") return pageHref(mention.database.id);
  return mention.type === "link_preview" || mention.type === "link_mention" ? run.href : null;
}
