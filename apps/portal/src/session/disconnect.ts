import { readRecord, readText } from "../read-json.ts";
import { parseSdkError } from "../sdk/connection-error.ts";
import type { ConnectRequest } from "../sdk/host-state.ts";
import type { SdkBridge } from "../sdk/sdk-bridge.ts";

/** What became of a disconnect. */
export type Disconnection =
  | { kind: "disconnected" }
  /** Gone here, but the provider did not confirm that it withdrew the access. */
  | { kind: "not-revoked"; message: string | undefined }
  | { kind: "refused"; message: string };

/**
 * Disconnects an account through the SDK.
 *
 * The SDK's `uninstallIntegration` throws the server's answer away, and with it whether the
 * provider withdrew the access. So its four steps are taken one by one, in its order: the DELETE
 * (whose answer `sendConnectRequest` returns), the SDK's state (read anew from the server rather
 * than patched, which also saves it), the chosen account forgotten where it was this one, and the
 * event. Subscribers of onIntegrationUninstall and `onUninstall` see no difference, except that
 * the portal stays open to show the result.
 * - The DELETE refused: nothing has changed, nothing is emitted.
 * - Already disconnected elsewhere: counts as disconnected.
 * - A later step failing is logged: the account is gone all the same.
 */
export async function disconnect(
  sdk: SdkBridge,
  request: ConnectRequest,
  accountId: string,
): Promise<Disconnection> {
  const result = await remove(sdk, request, accountId);
  if (result.kind === "refused") return result;
  await sdk.invoke("bootstrapSDKState").catch(console.warn);
  if (request.options.selectedCredentialId !== undefined) {
    await sdk.invoke("setModalState", { selectedCredentialId: undefined }).catch(console.warn);
  }
  const { integrationId, type } = request;
  await sdk
    .invoke("triggerSDKEvent", {
      type: "onIntegrationUninstall",
      integrationId,
      integrationType: type,
    })
    .catch(console.warn);
  return result;
}

async function remove(
  sdk: SdkBridge,
  request: ConnectRequest,
  accountId: string,
): Promise<Disconnection> {
  try {
    const path = `/sdk/integrations/${encodeURIComponent(request.integrationId)}`;
    const init = { method: "DELETE", headers: { "X-Paragon-Credential": accountId } };
    const answer = readRecord(await sdk.invoke("sendConnectRequest", path, init, true));
    return answer["revoked"] === false
      ? { kind: "not-revoked", message: readText(answer["message"]) }
      : { kind: "disconnected" };
  } catch (error) {
    const { code, message } = parseSdkError(error instanceof Error ? error : new Error());
    return code === "connection_not_found"
      ? { kind: "disconnected" }
      : { kind: "refused", message };
  }
}
