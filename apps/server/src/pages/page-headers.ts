/** Headers of every page: nothing but our own files, no sniffing, nothing kept. */
const everyPage = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** The sign-in pop-up's pages: never framed; no COOP, which would cut off the page that opened them. */
export const popupHeaders = {
  ...everyPage,
  "referrer-policy": "no-referrer",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** The portal's: framed by the given origins only, and also where the host page is isolated. */
export function portalHeaders(frameAncestors: readonly string[]) {
  const ancestors = frameAncestors.length > 0 ? frameAncestors.join(" ") : "'none'";
  return {
    ...everyPage,
    "referrer-policy": "no-referrer",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
      "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
      `require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors ${ancestors}`,
  };
}
