/** Why a step failed. Stable: customers match on them. */
export const stepFailureCodes = {
  invalid_input: "A value the step got is missing, of the wrong type or too large.",
  provider_refused: "The provider answered that it will not do this.",
  provider_unavailable: "The provider could not be reached, broke off or had a fault.",
  provider_timeout: "The provider did not answer in time.",
  rate_limited: "The provider asks to wait, longer than the run may.",
  connection_invalid: "The provider no longer accepts the connection; it has to be made again.",
  connection_not_found: "The connection was removed.",
  target_refused: "The address is private, or not one of the provider's hosts.",
  request_failed: "The receiver answered with an error status.",
  request_unreachable: "The receiver could not be reached or broke off.",
  request_timeout: "The receiver did not answer in time.",
  response_too_large: "The answer is larger than a step may hold.",
  function_failed: "The function threw.",
  function_timeout: "The function ran longer than it may.",
  function_memory: "The function used more memory than it may.",
  outcome_unknown: "Nobody knows whether a write happened; it was not repeated.",
  action_not_found: "This Tenon has no such action.",
  internal_error: "A fault of Tenon's own.",
} as const;
export type StepFailureCode = keyof typeof stepFailureCodes;

export interface StepFailureFacts {
  /** True: it may pass by itself, so another attempt makes sense. */
  transient?: boolean;
  /**
   * Whether what the step does may have happened. A write that may have is not attempted again.
   * Default no.
   */
  happened?: "no" | "unknown";
  /**
   * The other side is busy and asks to wait this long. Such a wait frees the worker and is not
   * counted as an attempt.
   */
  retryAfterMs?: number;
  /** Facts for the history: status, provider code, request id. JSON, never secrets. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** How a step ends where it does not end well. `message` names the thing and the next move. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly code: StepFailureCode;
  readonly transient: boolean;
  readonly happened: "no" | "unknown";
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: StepFailureCode, message: string, facts: StepFailureFacts = {}) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.transient = facts.transient ?? false;
    this.happened = facts.happened ?? "no";
    this.retryAfterMs = facts.retryAfterMs;
    this.details = facts.details ?? {};
  }
}
