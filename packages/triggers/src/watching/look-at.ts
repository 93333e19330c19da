import { randomUUID } from "node:crypto";
import type { ActionClient, Connector, Observation } from "@tenon/connector";
import type { Change } from "../change.ts";
import { isRefusal, type LookFailure, toLookFailure } from "./failure.ts";
import type { FoundChange, Look, Told } from "./find-changes.ts";
import { attemptsOf, type Suspect } from "./routes.ts";
import type { HeldWatch } from "./watch-store.ts";

/** What a look at one object came to. */
export type Looked = Pick<Look, "before" | "observedAt" | "newest"> & { suspect: Suspect } & (
    | { kind: "seen"; seen: Observation }
    /** It is not there, or the provider refuses to show it. */
    | { kind: "gone"; refusal?: unknown }
    | { kind: "failed"; failure: LookFailure }
  );

/** Looks at one object; never throws. */
export async function lookAt(
  client: ActionClient,
  about: Pick<Looked, "suspect" | "before" | "newest">,
  deep: boolean,
): Promise<Looked> {
  const { suspect } = about;
  const { kind, id } = suspect;
  const begun = { ...about, observedAt: new Date() };
  try {
    const seen = await kind.observe({ client, id, deep });
    return seen === undefined ? { ...begun, kind: "gone" } : { ...begun, kind: "seen", seen };
  } catch (error) {
    if (isRefusal(error)) return { ...begun, kind: "gone", refusal: error };
    return { ...begun, kind: "failed", failure: toLookFailure(error, attemptsOf(suspect)) };
  }
}

/** A change that was found, with whose it is and who made it. */
export function toChange(
  found: FoundChange,
  about: {
    suspect: Suspect;
    seen: Observation;
    told: Told | undefined;
    cause: Change["cause"];
    watch: HeldWatch;
    connector: Connector;
  },
): Change {
  const { suspect, seen, told, cause, watch, connector } = about;
  const { kind, id } = suspect;
  const last = found.changes.includes(kind.created) ? seen.createdBy : seen.changedBy;
  const authors = told?.authors ?? (last === undefined ? [] : [last]);
  const own = watch.providerData[connector.watch?.ownAuthor ?? ""];
  return {
    id: randomUUID(),
    projectId: watch.projectId,
    connectionId: watch.connectionId,
    object: { kind: kind.kind, id },
    changes: found.changes,
    details: found.details,
    authors,
    isOwn: authors.length > 0 && authors.every((author) => author === own),
    cause,
    occurredAt: found.occurredAt,
    result: seen.result,
  };
}
