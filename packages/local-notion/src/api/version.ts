/** The versions served, oldest first; dates compare as text. */
export const apiVersions = ["2022-06-28", "2025-09-03", "2026-03-11"] as const;

export type ApiVersion = (typeof apiVersions)[number];

export function isAtLeast(version: ApiVersion, other: ApiVersion): boolean {
  return version >= other;
}
