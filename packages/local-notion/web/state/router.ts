import { pageIdIn } from "./page-address.ts";
import { createStore, useStore } from "./store.ts";

export const viewHrefs = {
  home: "/",
  trash: "/?view=trash",
  connections: "/?view=connections",
  webhooks: "/?view=webhooks",
} as const;

/** What is no page of the workspace and has an address of its own. */
export type ViewName = keyof typeof viewHrefs;

export type Route = { view: ViewName | "unknown" } | { view: "page"; id: string };

const firstRoute = parseRoute(new URL(location.href));
const route = createStore<Route>(firstRoute);
addEventListener("popstate", () => route.set(parseRoute(new URL(location.href))));

/** What the address names. The server sends this page at `/` and `/p/…` alone. */
export function useRoute(): Route {
  return useStore(route);
}

/** Whether the person has gone on from where the page was loaded. */
export function hasNavigated(): boolean {
  return route.get() !== firstRoute;
}

export function navigate(href: string): void {
  if (href !== location.pathname + location.search) history.pushState(null, "", href);
  route.set(parseRoute(new URL(location.href)));
  scrollTo(0, 0);
}

/** Changes the address without a new entry in the history, such as when a title has changed. */
export function replaceAddress(href: string): void {
  history.replaceState(null, "", href);
}

export function pageHref(id: string, title = ""): string {
  const words = title
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
  return `/p/${words && `${encodeURIComponent(words)}-`}${id.replaceAll("-", "")}`;
}

function parseRoute({ pathname, searchParams }: URL): Route {
  const id = pageIdIn(pathname);
  if (id !== undefined) return { view: "page", id };
  if (pathname !== "/") return { view: "unknown" };
  const view = searchParams.get("view") ?? "home";
  return { view: isViewName(view) ? view : "home" };
}

function isViewName(name: string): name is ViewName {
  return Object.hasOwn(viewHrefs, name);
}

/** Whether a link leads to something this page shows itself. */
export function isInside(url: URL): boolean {
  return url.origin === location.origin && parseRoute(url).view !== "unknown";
}

/** The address when a link may lead there: text written through the API may hold any scheme. */
export function safeHref(href: string | null): string | null {
  const url = href === null ? null : URL.parse(href, location.href);
  return url && /^(https?|mailto|tel):$/.test(url.protocol) ? href : null;
}
