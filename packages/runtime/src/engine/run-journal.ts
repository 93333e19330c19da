import type { RunError, StepRecord } from "../run.ts";
import type { ClaimedRun, Control, RunEnd, RunStore } from "./run-store.ts";

/**
 * What one run has to write down, in order.
 *
 * Most is written without waiting; {@link commit} waits for all of it, before an effect leaves the
 * process or anybody is told of an outcome.
 */
export class RunJournal {
  readonly #store: RunStore;
  readonly #workerId: string;
  readonly #run: ClaimedRun;
  readonly #onControl: (control: Control) => void;
  readonly #onLost: (error: unknown) => void;
  #written: Promise<unknown> = Promise.resolve();

  constructor(options: {
    store: RunStore;
    workerId: string;
    run: ClaimedRun;
    /** Somebody asked something of the run meanwhile. */
    onControl(control: Control): void;
    /** The run is another worker's now, or cannot be written: nothing more may be done in it. */
    onLost(error: unknown): void;
  }) {
    this.#store = options.store;
    this.#workerId = options.workerId;
    this.#run = options.run;
    this.#onControl = options.onControl;
    this.#onLost = options.onLost;
  }

  /** Writes a step down as it is at this moment. */
  write(step: StepRecord): void {
    this.#add([{ ...step, attempts: [...step.attempts], progress: { ...step.progress } }]);
  }

  /** Resolves when all that was written is durable; rejects where the run is lost. */
  async commit(): Promise<void> {
    await this.#written;
  }

  /** Lets go of the run. */
  async end<S extends RunEnd["status"]>(
    status: S,
    more: { wakeAt?: Date; error?: RunError } = {},
  ): Promise<S> {
    this.#add([], { status, taskCount: this.#run.taskCount, ...more });
    await this.#written;
    return status;
  }

  #add(steps: StepRecord[], end?: RunEnd): void {
    const { id, fence } = this.#run;
    const entry = { run: { id, fence }, steps, ...(end !== undefined && { end }) };
    const before = this.#written;
    // The store keeps the order; the promise before must only not be lost sight of.
    this.#written = Promise.all([before, this.#store.write(this.#workerId, entry)]).then(
      ([, control]) => control !== undefined && this.#onControl(control),
    );
    this.#written.catch(this.#onLost);
  }
}
