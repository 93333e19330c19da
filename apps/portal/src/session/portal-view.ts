import type { IntegrationTexts } from "../api/portal-api.ts";
import type { Account } from "../sdk/account.ts";
import type { Disconnection } from "./disconnect.ts";
import type { SignInPhase } from "./sign-in.ts";

/** All the screen shows. */
export interface PortalView {
  isOpen: boolean;
  /** Stays while the dialog fades out. */
  content: PortalContent | undefined;
}

export interface PortalContent {
  /** Changes with each opening: nothing typed or chosen in one carries over to the next. */
  opening: number;
  type: string;
  texts: IntegrationTexts;
  projectTitle: string;
  /** False: the user token was refused or the page signed the user out. */
  isSignedIn: boolean;
  accounts: readonly Account[];
  primaryAccount: Account | undefined;
  /** Whether the customer's page allows more than one account. */
  canConnectAnother: boolean;
  activity: Activity;
}

/** What is going on besides showing the accounts. */
export type Activity =
  | { kind: "idle"; notice: Notice | undefined }
  | { kind: "disconnecting"; accountId: string }
  | SignInPhase;

/** The result of a disconnect, shown above what is left. */
export interface Notice {
  account: Account;
  result: Disconnection;
}

/** What the user can do. */
export interface PortalActions {
  connect(): void;
  connectAnother(): void;
  reconnect(accountId: string): void;
  openAgain(): void;
  /** The same sign-in once more, after it failed. */
  retry(): void;
  /** Gives up waiting, or leaves the result of a sign-in. */
  dismiss(): void;
  disconnect(account: Account): Promise<void>;
  close(): void;
  /** The dialog has faded out. */
  faded(): void;
}
