import type { ProjectSealer, SealPlace } from "@tenon/connections";
import * as z from "zod";

const Headers = z.record(z.string(), z.string());

function placeOf(column: "sealed_secret" | "sealed_headers", subscriptionId: string): SealPlace {
  return { table: "subscriptions", column, rowId: subscriptionId };
}

export function sealSecret(sealer: ProjectSealer, id: string, secret: string): Buffer {
  return sealer.seal(placeOf("sealed_secret", id), secret);
}

export function openSecret(
  sealer: ProjectSealer,
  { id, sealedSecret }: { id: string; sealedSecret: Buffer },
): string {
  return sealer.open(placeOf("sealed_secret", id), sealedSecret);
}

/** Undefined where there are none. */
export function sealHeaders(
  sealer: ProjectSealer,
  id: string,
  headers: Readonly<Record<string, string>>,
): Buffer | undefined {
  if (Object.keys(headers).length === 0) return undefined;
  return sealer.seal(placeOf("sealed_headers", id), JSON.stringify(headers));
}

export function openHeaders(
  sealer: ProjectSealer,
  { id, sealedHeaders }: { id: string; sealedHeaders: Buffer | undefined },
): Record<string, string> {
  if (sealedHeaders === undefined) return {};
  return Headers.parse(JSON.parse(sealer.open(placeOf("sealed_headers", id), sealedHeaders)));
}
