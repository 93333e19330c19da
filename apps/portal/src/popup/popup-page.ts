/** One page of the sign-in window. */
export type PopupPage =
  /** Answer of `oauth-nonce`: tells the page that opened the window to send it to the provider. */
  | ({ kind: "opening" } & Opening)
  /** The same, but only after a click: for a browser that did not say which page opened it. */
  | ({ kind: "confirm" } & Opening)
  /** The end of a sign-in that worked: closes itself. */
  | { kind: "connected"; project: string; integration: PopupIntegration }
  | ({ kind: "denied" } & Ending)
  | ({ kind: "failed" } & Ending);

interface Opening {
  /** The only origin that is told; the project allows it. */
  openerOrigin: string;
  /** The customer's product, as its users know it. */
  project: string;
  integration: PopupIntegration;
}

interface Ending {
  /** Absent where the sign-in is not known: the state was forged, used or forgotten. */
  integration?: PopupIntegration;
  /** What happened, and what to do now, in words for the end user. */
  message: string;
  nextMove: string;
  requestId: string;
  /** Told to the page that opened the window, if it can still be reached. */
  report?: ErrorReport;
}

export interface PopupIntegration {
  type: string;
  title: string;
}

/** What the SDK takes as `oauth_error_callback`: it rejects `connect()` with `errorResponse`. */
export interface ErrorReport {
  openerOrigin: string;
  error: string;
  errorResponse: Record<string, unknown>;
  integrationId: string;
}

/** What the page's script is to do; `popup.ts` reads it from the document. */
export type PopupTask =
  | { kind: "announce"; openerOrigin: string }
  | { kind: "announce-after-click"; openerOrigin: string }
  | { kind: "close" }
  | { kind: "report"; report: ErrorReport | undefined };
