import type { AuthorizationStatus, PortalApi } from "../api/portal-api.ts";
import { type ConnectionError, parseSdkError } from "../sdk/connection-error.ts";
import type { ConnectRequest, SdkUser } from "../sdk/host-state.ts";
import type { SdkBridge } from "../sdk/sdk-bridge.ts";
import { findNewlyValid, listValidIds } from "./newly-valid.ts";

/** How a sign-in stands; the last four end it. */
export type SignInPhase =
  /** `isSlow`: the provider's page has not been asked for yet, so the window may show nothing. */
  | { kind: "waiting"; isBlocked: boolean; isSlow: boolean }
  /** The user is done, the server or the SDK is not. */
  | { kind: "finishing" }
  | { kind: "connected"; accountId: string | undefined }
  | { kind: "denied" }
  | { kind: "failed"; message: string | undefined }
  | { kind: "expired" };

interface Options {
  sdk: SdkBridge;
  api: PortalApi;
  user: SdkUser;
  request: ConnectRequest;
  /** The account to connect again; absent for a new one. */
  accountId: string | undefined;
  /** Passed to the SDK's `startOAuthFlow`. */
  installOptions: Record<string, unknown>;
  onPhase(phase: SignInPhase): void;
}

const pollIntervalMs = 1000;
/** After this long without a sign-in on the server, the window probably shows nothing. */
const slowAfterMs = 10_000;
/** The server forgets a sign-in that takes longer. */
const expiresAfterMs = 10 * 60_000;
/** The SDK asks for the result every second: by then it knows. */
const sdkGraceMs = 4000;
/** The server's clock is known to the second; sign-ins that ended before are left out by id. */
const clockSlackMs = 2000;

/** What the SDK throws where `window.open` was refused. */
const blockedMessage = "Popup was blocked by the browser.";

/**
 * One click on Connect: has the SDK open the sign-in window, then watches what became of it.
 * - Neither the window nor its `opener` is asked: sign-in pages with a cross-origin opener policy
 *   cut both. The server is polled, and the SDK's own state is watched; either may come first.
 * - A poll that fails is repeated: a lost network does not end a sign-in.
 * - "Connected" is shown once the SDK knows the account. Where it does not within some seconds, or
 *   sees no difference (a valid account signed in again), it is made to read the server's state.
 * - Ends once; after `stop()` nothing is called back.
 */
export class SignIn {
  readonly #options: Options;
  readonly #validBefore: ReadonlySet<string>;
  /** Sign-ins of earlier clicks, which must not be taken for this one. */
  readonly #known: ReadonlySet<string>;
  #request: ConnectRequest;
  /** The customer's page may have renewed the token. */
  #user: SdkUser;
  #openedAt: Date;
  #startedMs = Date.now();
  #connectedMs: number | undefined;
  #reported: ConnectionError | undefined;
  #isBlocked = false;
  #isEnded = false;
  #latestId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options, known: ReadonlySet<string>) {
    this.#options = options;
    this.#known = known;
    this.#request = options.request;
    this.#user = options.user;
    this.#validBefore = listValidIds(options.request.accounts);
    this.#openedAt = this.#open();
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  /** Ids of sign-ins that this one has seen: for the next one's `known`. */
  get seenIds(): string[] {
    return this.#latestId === undefined ? [] : [this.#latestId];
  }

  /** Opens the window once more, inside a click. */
  openAgain(): void {
    this.#openedAt = this.#open();
  }

  /** Takes the SDK's new state. */
  hostChanged(user: SdkUser, request: ConnectRequest): void {
    const reportedBefore = this.#request.connectionError;
    this.#request = request;
    this.#user = user;
    const account = findNewlyValid(this.#validBefore, request.accounts);
    if (account) return this.#end({ kind: "connected", accountId: account.id });
    if (request.connectionError && !isSame(request.connectionError, reportedBefore)) {
      this.#reported = request.connectionError;
      this.#schedule(0);
    }
  }

  stop(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onVisibility);
  }

  /** First thing in the click, before anything is awaited: it needs the click's right to open. */
  #open(): Date {
    const { sdk, request, installOptions } = this.#options;
    const opening = sdk.invoke("startOAuthFlow", request.type, installOptions);
    // The SDK keeps the error of an earlier sign-in until it is told otherwise.
    void sdk.invoke("setModalState", { connectionError: undefined }).catch(console.warn);
    this.#startedMs = Date.now();
    this.#isBlocked = false;
    this.#report({ kind: "waiting", isBlocked: false, isSlow: false });
    void opening.catch((error: Error) => this.#onNotOpened(error));
    this.#schedule(pollIntervalMs);
    return new Date(this.#options.api.serverNow().getTime() - clockSlackMs);
  }

  #onNotOpened(error: Error): void {
    if (error.message !== blockedMessage) {
      return this.#end({ kind: "failed", message: parseSdkError(error).message });
    }
    this.#isBlocked = true;
    this.#report({ kind: "waiting", isBlocked: true, isSlow: false });
  }

  readonly #onVisibility = (): void => {
    // Timers of a hidden page are slowed down: look at once when the user comes back.
    if (document.visibilityState === "visible") this.#schedule(0);
  };

  #schedule(delayMs: number): void {
    if (this.#isEnded) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#poll(), delayMs);
  }

  async #poll(): Promise<void> {
    const authorization = await this.#options.api
      .readLatestAuthorization(this.#user, { type: this.#request.type, since: this.#openedAt })
      .catch(() => undefined);
    if (this.#isEnded) return;
    const current = authorization && !this.#known.has(authorization.id) ? authorization : undefined;
    if (current) this.#latestId = current.id;
    await this.#take(current?.status, current?.failureMessage);
    this.#schedule(pollIntervalMs);
  }

  async #take(status: AuthorizationStatus | undefined, message: string | undefined): Promise<void> {
    switch (status) {
      case "connected":
        return this.#confirm();
      case "denied":
        return this.#end({ kind: "denied" });
      case "failed":
        return this.#end({ kind: "failed", message: message ?? this.#reported?.message });
      case "pending":
      case "exchanging":
      case undefined:
        return this.#keepWaiting(status);
    }
  }

  #keepWaiting(status: "pending" | "exchanging" | undefined): void {
    const waitedMs = Date.now() - this.#startedMs;
    if (this.#reported) return this.#end({ kind: "failed", message: this.#reported.message });
    if (waitedMs > expiresAfterMs) return this.#end({ kind: "expired" });
    if (status === "exchanging") return this.#report({ kind: "finishing" });
    const isSlow = status === undefined && waitedMs > slowAfterMs;
    this.#report({ kind: "waiting", isBlocked: this.#isBlocked && status === undefined, isSlow });
  }

  async #confirm(): Promise<void> {
    const { sdk, accountId } = this.#options;
    this.#connectedMs ??= Date.now();
    const wasValid = accountId !== undefined && this.#validBefore.has(accountId);
    if (!wasValid && Date.now() - this.#connectedMs < sdkGraceMs) {
      return this.#report({ kind: "finishing" });
    }
    await sdk.invoke("bootstrapSDKState").catch(console.warn);
    this.#end({ kind: "connected", accountId });
  }

  #report(phase: SignInPhase): void {
    if (!this.#isEnded) this.#options.onPhase(phase);
  }

  #end(phase: SignInPhase): void {
    if (this.#isEnded) return;
    this.stop();
    this.#options.onPhase(phase);
  }
}

function isSame(error: ConnectionError, other: ConnectionError | undefined): boolean {
  return error.message === other?.message && error.code === other.code;
}
