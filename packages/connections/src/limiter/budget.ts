import { AppError } from "@tenon/connector";
import type { ConnectionErrorCode } from "../credentials.ts";
import type { LeaseDesk } from "./lease-desk.ts";
import type { PermitAsk, Priority, RateLimit, Wait } from "./limiter.ts";
import type { Lease } from "./rate-store.ts";
import { priorities, type Shares, toShares } from "./shares.ts";
import { WaitingLine } from "./waiting-line.ts";

/** Permits number `next` to `last - 1` of the window. */
interface Chunk {
  next: number;
  last: number;
}

export interface BudgetOptions {
  connectionId: string;
  limit: RateLimit;
  desk: LeaseDesk;
  /** How many processes are taken to share the limit while the store is away. */
  assumedProcesses: number;
  /** When to ask a store again that was away. */
  retryMs: number;
}

/** What this process may send with one connection. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #sharedShares: Shares;
  readonly #localShares: Shares;
  readonly #chunkSize: number;
  readonly #line = new WaitingLine();
  #shares: Shares;
  #chunks: Chunk[] = [];
  #left = 0;
  /** Permits of this window used by all processes, as far as we were told. */
  #used = 0;
  #windowEndsAt = 0;
  #blockedUntil = 0;
  /** While the store is away: when to ask it again. */
  #retryAt = 0;
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#sharedShares = toShares(options.limit);
    this.#localShares = toShares(options.limit, options.assumedProcesses);
    this.#shares = this.#sharedShares;
    this.#chunkSize = Math.max(1, Math.floor(options.limit.requests / 20));
  }

  /** True where nothing would be lost by forgetting this budget. */
  isIdle(now: number): boolean {
    return (
      now >= this.#windowEndsAt &&
      now >= this.#blockedUntil &&
      !this.#isAsking &&
      this.#line.isEmpty
    );
  }

  take(ask: PermitAsk): Wait | undefined {
    const now = performance.now();
    if (!this.#takeNumber(ask.priority, now)) return this.#standInLine(ask, now);
    if (this.#left <= this.#chunkSize >> 2 && this.#mayAsk(ask.priority, now)) {
      this.#ask(ask.priority);
    }
    return undefined;
  }

  /** What is left of this window belongs to the provider's window before the block. */
  block(forMs: number): void {
    const until = performance.now() + forMs;
    if (until <= this.#blockedUntil) return;
    this.#blockedUntil = until;
    this.#windowEndsAt = until;
    this.#drop();
    this.#serve();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#line.refuseAll(this.#refusal());
  }

  #takeNumber(priority: Priority, now: number): boolean {
    const chunk = this.#chunks[0];
    if (chunk === undefined || now >= this.#windowEndsAt) return false;
    if (chunk.next >= this.#shares[priority] || now < this.#blockedUntil) return false;
    chunk.next += 1;
    this.#left -= 1;
    if (chunk.next === chunk.last) this.#chunks.shift();
    return true;
  }

  #standInLine(ask: PermitAsk, now: number): Wait {
    const soonest = Math.max(this.#blockedUntil, this.#askableAt(ask.priority, now));
    const isFull = this.#line.ahead(ask.priority) >= this.#shares[ask.priority];
    if (isFull || soonest - now > ask.maxWaitMs) {
      return { permitted: Promise.reject(this.#refusal()), cancel: () => undefined };
    }
    const wait = this.#line.join(ask, () => this.#refusal());
    this.#serve();
    return wait;
  }

  /** Lets go whom there is a permit for; for the others, asks for more, now or when it makes sense. */
  #serve(): void {
    const now = performance.now();
    this.#line.serve((priority) => this.#takeNumber(priority, now));
    if (this.#isAsking) return;
    const asker = priorities.find((priority) => {
      return this.#line.has(priority) && this.#mayAsk(priority, now);
    });
    if (asker === undefined) this.#wakeLater(now);
    else this.#ask(asker);
  }

  #wakeLater(now: number): void {
    clearTimeout(this.#timer);
    let wakeAt = Infinity;
    for (const priority of priorities) {
      const soonest = Math.max(this.#askableAt(priority, now), this.#blockedUntil);
      this.#line.refuseImpatient(priority, soonest, () => this.#refusal());
      if (this.#line.has(priority)) wakeAt = Math.min(wakeAt, soonest);
    }
    if (wakeAt === Infinity) return;
    this.#timer = setTimeout(() => this.#serve(), Math.ceil(wakeAt - now));
  }

  #mayAsk(priority: Priority, now: number): boolean {
    return !this.#isAsking && now >= this.#blockedUntil && now >= this.#askableAt(priority, now);
  }

  /** When the store may have a permit for this priority. */
  #askableAt(priority: Priority, now: number): number {
    if (now >= this.#windowEndsAt) return now;
    if (this.#shares === this.#localShares) return Math.min(this.#retryAt, this.#windowEndsAt);
    return this.#used < this.#shares[priority] ? now : this.#windowEndsAt;
  }

  #ask(priority: Priority): void {
    const { connectionId, limit, desk } = this.#options;
    this.#isAsking = true;
    const ceiling = this.#sharedShares[priority];
    const wanted = Math.min(this.#chunkSize, ceiling);
    void desk.ask({ connectionId, wanted, ceiling, windowMs: limit.windowMs }).then((lease) => {
      this.#isAsking = false;
      if (lease) this.#onLease(lease);
      else this.#onNoLease();
      this.#serve();
    });
  }

  #onLease({ granted, used, windowEndsInMs, blockedForMs }: Lease): void {
    const now = performance.now();
    const isNewWindow = now >= this.#windowEndsAt || used < this.#used;
    if (isNewWindow || this.#shares === this.#localShares) this.#drop();
    this.#shares = this.#sharedShares;
    this.#used = used;
    if (blockedForMs > 0) this.#blockedUntil = Math.max(this.#blockedUntil, now + blockedForMs);
    this.#windowEndsAt = Math.max(now + windowEndsInMs, this.#blockedUntil);
    if (now < this.#blockedUntil) {
      this.#drop();
    } else if (granted > 0) {
      this.#chunks.push({ next: used - granted, last: used });
      this.#left += granted;
    }
  }

  /** Divides the limit by the number of processes there may be, until the store is back. */
  #onNoLease(): void {
    const now = performance.now();
    this.#retryAt = now + this.#options.retryMs;
    if (this.#left > 0 && now < this.#windowEndsAt) return;
    if (this.#shares === this.#localShares && now < this.#windowEndsAt) return;
    this.#drop();
    this.#shares = this.#localShares;
    this.#windowEndsAt = now + this.#options.limit.windowMs;
    this.#left = this.#shares.interactive;
    this.#chunks.push({ next: 0, last: this.#left });
  }

  #drop(): void {
    this.#chunks = [];
    this.#left = 0;
    this.#used = 0;
  }

  #refusal(): AppError<ConnectionErrorCode> {
    const { connectionId, limit } = this.#options;
    const waitMs = Math.max(this.#blockedUntil, this.#windowEndsAt) - performance.now();
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
    return new AppError(
      "rate_limited",
      429,
      `The provider's rate limit of connection ${connectionId} ` +
        `(${limit.requests} requests in ${limit.windowMs / 1000} s) is used up. ` +
        `Send the request again in ${retryAfter} s.`,
      { details: { connectionId }, retryAfter },
    );
  }
}
