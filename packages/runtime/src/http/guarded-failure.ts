import type { ExchangeFailure } from "@tenon/connections";
import { StepFailure } from "../step-failure.ts";
import { TargetRefused } from "./guarded-dispatcher.ts";
import { nameTarget } from "./target-url.ts";

/** True for methods that change nothing at the receiver (RFC 9110 §9.2.1). */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** What a step is told where no whole answer came. */
export function toStepFailure(
  failure: ExchangeFailure,
  facts: { url: URL; method: string; wasRedirected: boolean },
): StepFailure {
  const { reason, cause } = failure;
  const target = nameTarget(facts.url);
  // What was redirected may have been done by the one that redirects.
  const mayHaveHappened = !isReading(facts.method) && (failure.wasSent || facts.wasRedirected);
  const happened = mayHaveHappened ? "unknown" : "no";
  const hint = mayHaveHappened ? " It may have acted on the request." : "";
  const detail = failure.code || failure.message;
  const common = { happened, cause } as const;
  switch (reason) {
    case "aborted":
      return new StepFailure(
        "request_timeout",
        `The request to ${target} was given up: the run was stopped or the step took too long.${hint}`,
        { ...common, transient: true },
      );
    case "timeout":
      return new StepFailure("request_timeout", `${target} was too slow (${detail}).${hint}`, {
        ...common,
        transient: true,
      });
    case "too_large":
      return new StepFailure("response_too_large", `${target}: ${failure.message}${hint}`, common);
    case "refused":
      return new StepFailure(
        "invalid_input",
        `The request to ${target} cannot be sent: ${failure.message}.`,
        { cause },
      );
    case "broken":
      return cause instanceof TargetRefused
        ? targetRefused(target, cause)
        : new StepFailure(
            "request_unreachable",
            `${target} could not be reached or broke off (${detail}).${hint}`,
            { ...common, transient: true },
          );
    default:
      return reason satisfies never;
  }
}

function targetRefused(target: string, cause: TargetRefused): StepFailure {
  return new StepFailure(
    "target_refused",
    `${target} was not asked: ${cause.message}. Whoever runs this Tenon can allow it.`,
    { cause },
  );
}
