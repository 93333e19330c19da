import { isRecord, type JsonRecord, readList, readRecord, readText } from "../read-json.ts";
import { type Account, parseAccount } from "./account.ts";
import { type ConnectionError, parseConnectionError } from "./connection-error.ts";

/** What the SDK in the customer's page last told: it always sends its whole state. */
export interface HostState {
  /** Absent: nobody is signed in to the SDK. */
  user: SdkUser | undefined;
  /** Absent: the portal is not asked to show anything. */
  request: ConnectRequest | undefined;
}

export interface SdkUser {
  projectId: string;
  token: string;
}

/** One `connect()` or `installIntegration()` of the customer's page, with the accounts as they stand. */
export interface ConnectRequest {
  integrationId: string;
  /** As in `connect(type)`: `notion`, `custom.crm`. */
  type: string;
  accounts: readonly Account[];
  /** The account that the page chose, or the SDK's first. */
  primaryAccountId: string | undefined;
  connectionError: ConnectionError | undefined;
  options: ConnectOptions;
}

interface ConnectOptions {
  /** `installIntegration()`: the SDK has opened the sign-in window itself and the portal stays hidden. */
  isApiInstallation: boolean;
  showPortalAfterInstall: boolean;
  /** The SDK's own word that the portal is wanted now, after an API installation. */
  shouldShowPortalAfterInstall: boolean;
  allowMultipleCredentials: boolean;
  selectedCredentialId: string | undefined;
  externalId: string | undefined;
  /** Passed on as it came. */
  accountType: unknown;
}

/** Reads a `UI_UPDATE` of the SDK (its `render()`); whatever is missing or malformed reads as absent. */
export function parseHostState(message: JsonRecord): HostState {
  const context = readRecord(message["nextContext"]);
  const user = readRecord(context["user"]);
  const projectId = readText(context["projectId"]);
  const token = user["authenticated"] === true ? readText(user["token"]) : undefined;
  return {
    user: projectId !== undefined && token !== undefined ? { projectId, token } : undefined,
    request: parseRequest(readRecord(message["nextModalState"]), readRecord(user["integrations"])),
  };
}

function parseRequest(modal: JsonRecord, integrations: JsonRecord): ConnectRequest | undefined {
  const integration = modal["integration"];
  if (!isRecord(integration)) return undefined;
  const integrationId = readText(integration["id"]);
  const type = parseType(integration);
  if (integrationId === undefined || type === undefined) return undefined;
  const state = readRecord(integrations[type]);
  return {
    integrationId,
    type,
    accounts: readList(state["allCredentials"]).flatMap((credential) => parseAccount(credential)),
    primaryAccountId: readText(state["credentialId"]),
    connectionError: parseConnectionError(modal["connectionError"]),
    options: parseOptions(modal),
  };
}

/** The SDK keeps custom integrations under the type "custom" and names them by their slug. */
function parseType(integration: JsonRecord): string | undefined {
  const type = readText(integration["type"]);
  if (type !== "custom") return type;
  const custom = readRecord(integration["customIntegration"]);
  const name = readText(custom["name"]);
  return (
    readText(custom["slug"]) ?? (name && `custom.${name.replace(/[\W_]+/g, "").toLowerCase()}`)
  );
}

function parseOptions(modal: JsonRecord): ConnectOptions {
  const options = readRecord(modal["apiInstallationOptions"]);
  return {
    isApiInstallation: options["isApiInstallation"] === true,
    showPortalAfterInstall: options["showPortalAfterInstall"] === true,
    shouldShowPortalAfterInstall: modal["shouldShowPortalAfterInstall"] === true,
    allowMultipleCredentials: options["allowMultipleCredentials"] === true,
    selectedCredentialId: readText(options["selectedCredentialId"]),
    externalId: readText(options["externalId"]),
    accountType: options["accountType"],
  };
}
