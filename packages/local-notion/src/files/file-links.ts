import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";

/** Time a link to a hosted file works, as in Notion. */
export const linkLifeMs = 3_600_000;

/** Signs links to hosted files, so that they end when they say they do. */
export interface FileLinks {
  create(uploadId: string): string;
  isGood(uploadId: string, params: URLSearchParams): boolean;
}

export function createFileLinks(key: Buffer, clock: Clock): FileLinks {
  const sign = (uploadId: string, expires: number): string =>
    createHmac("sha256", key).update(`${uploadId} ${expires}`).digest("hex");
  return {
    create: (uploadId) => {
      const expires = clock.now() + linkLifeMs;
      return `/_local/files/${uploadId}?expires=${expires}&signature=${sign(uploadId, expires)}`;
    },
    isGood: (uploadId, params) => {
      const expires = Number(params.get("expires"));
      const given = Buffer.from(params.get("signature") ?? "");
      const expected = Buffer.from(sign(uploadId, expires));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      return clock.now() <= expires;
    },
  };
}
