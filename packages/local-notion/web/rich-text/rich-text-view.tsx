import type { RichText } from "../api/objects.ts";
import { Link } from "../parts/link.tsx";
import { appearance, mentionHref } from "./appearance.ts";

/** Rich text to read. */
export function RichTextView({ value }: { value: readonly RichText[] }) {
  return value.map((run, index) => {
    const href = run.type === "mention" ? mentionHref(run) : run.href;
    const className = appearance(run);
    return href === null ? (
      <span key={index} className={className}>
        {run.plain_text}
      </span>
    ) : (
      <Link key={index} href={href} className={className}>
        {run.plain_text}
      </Link>
    );
  });
}
