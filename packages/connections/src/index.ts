export type { Change, ChangeFeed } from "./change-feed.ts";
export type { ConnectionErrorCode, Credential, CredentialSource } from "./credentials.ts";
