import type { ComponentProps, MouseEvent } from "react";
import { isInside, navigate, safeHref } from "../state/router.ts";

/** A link: pages of the workspace open here, all else in a new tab. */
export function Link({ href = "", onClick, children, ...others }: ComponentProps<"a">) {
  if (safeHref(href) === null) return <span className={others.className}>{children}</span>;
  const url = new URL(href, location.href);
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    followInside(event.nativeEvent, url);
  };
  const outside = isInside(url) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return (
    <a {...outside} {...others} href={href} onClick={follow}>
      {children}
    </a>
  );
}

/** Opens a page of the workspace without loading all anew, unless another tab is asked for. */
export function followInside(event: globalThis.MouseEvent, url: URL): void {
  const wantsTab = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey;
  if (event.defaultPrevented || wantsTab || !isInside(url)) return;
  event.preventDefault();
  navigate(url.pathname + url.search);
}
