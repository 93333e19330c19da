import { AppError, ProviderError } from "@tenon/connector";
import type { Part } from "../run.ts";
import { StepFailure } from "../step-failure.ts";

/** What {@link doOnce} needs of the step that a part belongs to. */
export interface PartJournal {
  readonly parts: Record<string, Part>;
  /** Takes secrets out of what is kept of a result. */
  redact<T>(result: T): T;
  /** Resolves when what `parts` says now is durable. */
  commit(): Promise<void>;
  /** Throws where the run was asked to stop meanwhile: what is not begun stays so. */
  assertMayBegin(): void;
}

/** Thrown by {@link PartJournal.assertMayBegin}. */
export class NotBegun extends Error {
  override readonly name = "NotBegun";
}

export interface OncePart<T> {
  name: string;
  part: () => Promise<T>;
  check?: (() => Promise<T | undefined>) | undefined;
}

/**
 * Does a part of a step once, whatever dies in between: that it begins is durable before it does.
 *
 * - Done before: answers its result.
 * - Begun before, result not known: asks `check`; without one ends with `outcome_unknown`.
 * - It failed and surely did not happen: it counts as not begun.
 */
export async function doOnce<T>(journal: PartJournal, once: OncePart<T>): Promise<T> {
  const known = journal.parts[once.name];
  // What was stored is what this part answered before.
  if (known?.status === "done") return known.result as T;
  if (known?.status === "begun") {
    if (once.check === undefined) throw unknownOutcome(once.name);
    const found = await once.check();
    if (found !== undefined) return finish(journal, once.name, found);
  }
  journal.parts[once.name] = { status: "begun" };
  await journal.commit();
  try {
    journal.assertMayBegin();
    return finish(journal, once.name, await once.part());
  } catch (error) {
    if (!mayHaveHappened(error)) {
      delete journal.parts[once.name];
      throw error;
    }
    // With a check, the next attempt begins by asking it.
    throw once.check === undefined ? unknownOutcome(once.name, error) : error;
  }
}

function finish<T>(journal: PartJournal, name: string, result: T): T {
  journal.parts[name] = { status: "done", result: journal.redact(result) };
  return result;
}

/** Whether what was sent when this was thrown may have had its effect. */
function mayHaveHappened(error: unknown): boolean {
  if (error instanceof NotBegun) return false;
  if (error instanceof StepFailure) return error.happened === "unknown";
  // The provider answered: what it refuses, it has not done. 529 says that it is busy.
  if (error instanceof ProviderError) return error.status >= 500 && error.status !== 529;
  if (error instanceof AppError) return error.details["sent"] === true;
  return true;
}

function unknownOutcome(name: string, cause?: unknown): StepFailure {
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  return new StepFailure(
    "outcome_unknown",
    `Nobody knows whether "${name}" happened: it was sent, and no answer came${reason}. It was not ` +
      "sent again. Look whether it happened, then replay the run from this step if it did not.",
    { happened: "unknown", cause, details: { part: name } },
  );
}
