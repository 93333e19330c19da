/** The parts of a URL that can be read and set; the host that parses URLs knows them by this list. */
export const urlParts = [
  "href",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
export type UrlParts = Record<(typeof urlParts)[number] | "origin", string>;
