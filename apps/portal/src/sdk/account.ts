import { type JsonRecord, readDate, readRecord, readText } from "../read-json.ts";

/** A connected account: on the SDK's wire a "credential". */
export interface Account {
  id: string;
  /** False: the provider no longer accepts it, so it must be reconnected. */
  isValid: boolean;
  /** What the provider calls the account, such as its workspace. */
  name: string | undefined;
  /** The person who connected it. */
  owner: string | undefined;
  /** The customer's own name for it. */
  externalId: string | undefined;
  connectedAt: Date | undefined;
}

/** Reads an IConnectCredential; an empty list where it is none. */
export function parseAccount(credential: unknown): Account[] {
  const record = readRecord(credential);
  const id = readText(record["id"]);
  if (id === undefined) return [];
  const data = readRecord(record["providerData"]);
  const owner = firstText(data, ["userEmail", "email", "userName"]);
  const externalId = readText(record["externalId"]);
  return [
    {
      id,
      isValid: record["status"] === "VALID",
      name:
        firstText(data, ["accountName", "workspaceName", "teamName", "name"]) ??
        owner ??
        externalId,
      owner,
      externalId,
      connectedAt: readDate(record["dateCreated"]),
    },
  ];
}

function firstText(data: JsonRecord, keys: readonly string[]): string | undefined {
  return keys.map((key) => readText(data[key])).find((text) => text !== undefined);
}
