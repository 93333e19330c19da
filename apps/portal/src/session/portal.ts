import type { PortalApi } from "../api/portal-api.ts";
import type { Account } from "../sdk/account.ts";
import type { ConnectRequest, HostState } from "../sdk/host-state.ts";
import type { SdkBridge } from "../sdk/sdk-bridge.ts";
import { disconnect } from "./disconnect.ts";
import { findNewlyValid, listValidIds } from "./newly-valid.ts";
import type { Activity, PortalActions, PortalContent, PortalView } from "./portal-view.ts";
import { SignIn } from "./sign-in.ts";
import { SiteReader } from "./site-reader.ts";

type Stage = "hidden" | "appearing" | "open" | "fading";

/** What a sign-in is for: an account to connect again, or a new one, beside others or not. */
interface Target {
  accountId: string | undefined;
  allowMultiple: boolean;
}

const idle: Activity = { kind: "idle", notice: undefined };

/**
 * The portal's state, from the SDK's first message on. Holds everything the screen shows, so that
 * the screen is a function of it.
 * - The SDK repeats its whole state at every change: taking the same state twice changes nothing.
 * - Nothing is invoked and nothing shown unless the server allows the page's origin.
 * - The frame is displayed before the dialog opens and hidden after it has faded: a frame that is
 *   not displayed neither animates nor takes the focus.
 */
export class Portal implements PortalActions {
  readonly #sdk: SdkBridge;
  readonly #api: PortalApi;
  readonly #sites: SiteReader;
  readonly #listeners = new Set<() => void>();
  #view: PortalView = { isOpen: false, content: undefined };
  #host: HostState = { user: undefined, request: undefined };
  #validAtFirst: ReadonlySet<string> = new Set();
  #isInstalled = false;
  #activity: Activity = idle;
  #signIn: SignIn | undefined;
  #lastTarget: Target = { accountId: undefined, allowMultiple: false };
  #seenSignIns = new Set<string>();
  #stage: Stage = "hidden";
  #openings = 0;

  constructor(sdk: SdkBridge, api: PortalApi) {
    this.#sdk = sdk;
    this.#api = api;
    this.#sites = new SiteReader(api, () => this.#present());
    sdk.listen((state, origin) => this.#take(state, origin));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): PortalView => this.#view;

  connect(): void {
    const allowMultiple = this.#host.request?.options.allowMultipleCredentials ?? false;
    this.#signInTo({ accountId: undefined, allowMultiple });
  }

  connectAnother(): void {
    this.#signInTo({ accountId: undefined, allowMultiple: true });
  }

  reconnect(accountId: string): void {
    this.#signInTo({ accountId, allowMultiple: false });
  }

  openAgain(): void {
    this.#signIn?.openAgain();
  }

  retry(): void {
    this.#signInTo(this.#lastTarget);
  }

  dismiss(): void {
    this.#endSignIn();
    this.#setActivity(idle);
  }

  async disconnect(account: Account): Promise<void> {
    const { request } = this.#host;
    if (!request || this.#activity.kind === "disconnecting") return;
    this.#setActivity({ kind: "disconnecting", accountId: account.id });
    const result = await disconnect(this.#sdk, request, account.id);
    this.#setActivity({ kind: "idle", notice: { account, result } });
  }

  close(): void {
    this.#endSignIn();
    this.#invoke("onClose", true);
  }

  faded(): void {
    if (this.#stage !== "fading") return;
    this.#stage = "hidden";
    this.#setView({ isOpen: false, content: undefined });
    if (this.#wanted()) return this.#present();
    void this.#sdk.returnFocus().then(() => {
      if (this.#stage === "hidden") this.#invoke("updateContainerStyle", { isModalShown: false });
    });
  }

  #take(state: HostState, origin: string): void {
    const before = this.#host.request;
    this.#host = state;
    if (state.request?.integrationId !== before?.integrationId) this.#restart(state.request);
    if (!state.user) this.#endSignIn();
    this.#sites.want(state.user && { user: state.user, origin, type: state.request?.type });
    if (state.user && state.request) this.#signIn?.hostChanged(state.user, state.request);
    if (state.request) this.#noteInstallation(state.request);
    this.#present();
  }

  #restart(request: ConnectRequest | undefined): void {
    this.#endSignIn();
    this.#activity = idle;
    this.#isInstalled = false;
    this.#validAtFirst = listValidIds(request?.accounts ?? []);
  }

  /** What to show now, if anything. */
  #wanted(): PortalContent | undefined {
    const { user, request } = this.#host;
    const site = this.#sites.site;
    if (!request || !site?.isAllowed) return undefined;
    const texts = site.integrations.get(request.type);
    if (!texts) return undefined;
    // Signed out before it opened: nothing to show. Signed out while open: say so.
    if (!user && this.#stage !== "open") return undefined;
    if (!this.#isMeantToShow(request)) return undefined;
    return {
      opening: this.#openings,
      type: request.type,
      texts,
      projectTitle: site.projectTitle,
      isSignedIn: user !== undefined,
      accounts: request.accounts,
      primaryAccount:
        request.accounts.find(({ id }) => id === request.primaryAccountId) ?? request.accounts[0],
      canConnectAnother: request.options.allowMultipleCredentials,
      activity: this.#activity,
    };
  }

  /**
   * After `installIntegration()` the portal stays hidden, unless it was asked to show the result.
   * The SDK only says when where it stored the connection itself; here the server did, so the new
   * account is the sign.
   */
  #isMeantToShow({ options }: ConnectRequest): boolean {
    if (!options.isApiInstallation || options.shouldShowPortalAfterInstall) return true;
    return options.showPortalAfterInstall && this.#isInstalled;
  }

  #noteInstallation({ options, accounts }: ConnectRequest): void {
    if (!options.isApiInstallation || !options.showPortalAfterInstall || this.#isInstalled) return;
    const account = findNewlyValid(this.#validAtFirst, accounts);
    if (!account) return;
    this.#isInstalled = true;
    this.#activity = { kind: "connected", accountId: account.id };
  }

  #present(): void {
    const content = this.#wanted();
    if (content && this.#stage === "open") return this.#setView({ isOpen: true, content });
    if (content && this.#stage === "hidden") return void this.#appear().catch(console.error);
    if (!content && this.#stage === "open") {
      this.#stage = "fading";
      this.#setView({ ...this.#view, isOpen: false });
    }
  }

  async #appear(): Promise<void> {
    this.#stage = "appearing";
    this.#openings += 1;
    try {
      await this.#sdk.invoke("updateContainerStyle", { isModalShown: true });
    } catch (error) {
      this.#stage = "hidden";
      throw error;
    }
    const content = this.#wanted();
    if (!content) {
      this.#stage = "hidden";
      return this.#invoke("updateContainerStyle", { isModalShown: false });
    }
    this.#stage = "open";
    this.#setView({ isOpen: true, content });
    this.#invoke("onOpen");
  }

  #signInTo(target: Target): void {
    const { user, request } = this.#host;
    if (!user || !request) return;
    this.#endSignIn();
    this.#lastTarget = target;
    this.#signIn = new SignIn(
      {
        sdk: this.#sdk,
        api: this.#api,
        user,
        request,
        accountId: target.accountId,
        installOptions: toInstallOptions(request, target),
        onPhase: (phase) => this.#setActivity(phase),
      },
      this.#seenSignIns,
    );
  }

  #endSignIn(): void {
    for (const id of this.#signIn?.seenIds ?? []) this.#seenSignIns.add(id);
    this.#signIn?.stop();
    this.#signIn = undefined;
  }

  #setActivity(activity: Activity): void {
    this.#activity = activity;
    this.#present();
  }

  #setView(view: PortalView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #invoke(name: "onOpen" | "onClose" | "updateContainerStyle", parameter?: unknown): void {
    const parameters = parameter === undefined ? [] : [parameter];
    void this.#sdk.invoke(name, ...parameters).catch(console.error);
  }
}

/** The options of the customer's `connect()` carry over to the sign-in that the portal starts. */
function toInstallOptions(
  { options, accounts }: ConnectRequest,
  { accountId, allowMultiple }: Target,
): Record<string, unknown> {
  const { accountType, externalId } = options;
  const isTaken = accounts.some((account) => account.externalId === externalId);
  return {
    ...(accountType !== undefined && { accountType }),
    ...(accountId !== undefined && { selectedCredentialId: accountId }),
    ...(allowMultiple && { allowMultipleCredentials: true }),
    ...(accountId === undefined && externalId !== undefined && !isTaken && { externalId }),
  };
}
