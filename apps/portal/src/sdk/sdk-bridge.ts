import { isRecord, type JsonRecord, readText } from "../read-json.ts";
import { type HostState, parseHostState } from "./host-state.ts";

/** The functions of `@useparagon/connect` 2.4.0 that the portal calls. */
type SdkFunction =
  | "updateContainerStyle"
  | "onOpen"
  | "onClose"
  | "startOAuthFlow"
  | "sendConnectRequest"
  | "bootstrapSDKState"
  | "setModalState"
  | "triggerSDKEvent";

/** The portal's line to the SDK in the page around it. */
export interface SdkBridge {
  /** Calls back with every state the SDK sends, and the origin of the page it runs in. */
  listen(onState: (state: HostState, origin: string) => void): void;
  /**
   * Runs a function of the SDK and answers its result. Sent synchronously, so that a call in a
   * click carries the click's right to open a window. Rejects with the SDK's message.
   */
  invoke(name: SdkFunction, ...parameters: unknown[]): Promise<unknown>;
  /**
   * Gives the keyboard back to the page: Tab goes on from the control that had the focus before
   * the portal took it. That control itself cannot be focused from another origin. Resolves once
   * the page has it: a frame that is hidden before loses the place.
   */
  returnFocus(): Promise<void>;
}

/** The SDK drops an answer that cannot be cloned, and a page can be left: no call waits for ever. */
const answerTimeoutMs = 60_000;
/** A browser that does not give the focus away must not keep the portal on screen. */
const focusTimeoutMs = 300;

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Speaks `postMessage` with the SDK.
 * - Only messages whose source is this window's parent count. Other windows, other frames and the
 *   portal itself are ignored, whatever they send.
 * - The parent's origin is learnt from its first message and must stay the same; every message of
 *   the portal names it, so nothing reaches a page that took the parent's place.
 * - A sandboxed parent has the origin "null", which cannot be addressed: it is ignored.
 * - Nothing is sent before the first message, and whether the origin may show the portal is the
 *   caller's to find out before anything is invoked.
 */
export function createSdkBridge(own: Window): SdkBridge {
  const pending = new Map<string, Pending>();
  let parentOrigin: string | undefined;
  let lastId = 0;

  function isFromParent(event: MessageEvent): boolean {
    if (event.source !== own.parent || own.parent === own || event.origin === "null") return false;
    parentOrigin ??= event.origin;
    return event.origin === parentOrigin;
  }

  return {
    listen(onState) {
      own.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (!isRecord(event.data) || !isFromParent(event)) return;
        if (event.data["messageType"] === "UI_UPDATE") {
          onState(parseHostState(event.data), event.origin);
        } else settle(pending, event.data);
      });
    },

    invoke(name, ...parameters) {
      const target = parentOrigin;
      if (target === undefined) return Promise.reject(new Error("The SDK has not spoken yet."));
      const id = `portal-${++lastId}`;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        setTimeout(() => {
          if (pending.delete(id)) reject(new Error(`The SDK did not answer ${name}.`));
        }, answerTimeoutMs);
        own.parent.postMessage(
          { messageType: "SDK_FUNCTION_INVOCATION", id, type: name, parameters },
          target,
        );
      });
    },

    returnFocus() {
      if (!own.document.hasFocus()) return Promise.resolve();
      return new Promise((resolve) => {
        own.addEventListener("blur", () => resolve(), { once: true });
        setTimeout(resolve, focusTimeoutMs);
        own.parent.focus();
      });
    },
  };
}

function settle(pending: Map<string, Pending>, answer: JsonRecord): void {
  const id = readText(answer["id"]);
  const call = id === undefined ? undefined : pending.get(id);
  if (id === undefined || call === undefined) return;
  switch (answer["messageType"]) {
    case "SDK_FUNCTION_RESPONSE":
      pending.delete(id);
      call.resolve(answer["result"]);
      return;
    case "SDK_FUNCTION_ERROR":
      pending.delete(id);
      call.reject(new Error(readText(answer["message"]) ?? "The SDK gave no reason."));
      return;
  }
}
