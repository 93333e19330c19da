import type { Route } from "./call.ts";

/** Workspaces here have no emojis of their own. */
export const customEmojiRoutes: Route[] = [
  {
    method: "GET",
    path: "/v1/custom_emojis",
    answer: () => ({
      object: "list",
      type: "custom_emoji",
      results: [],
      has_more: false,
      next_cursor: null,
    }),
  },
];
