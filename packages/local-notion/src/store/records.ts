import type { FileSource, Icon, RichText } from "../rich-text/rich-text.ts";

/** Milliseconds since 1970, as everything inside keeps time. */
export type Time = number;

export interface Workspace {
  id: string;
  name: string;
  icon: string | null;
  /** First twelve digits of the ids of everything made in it. */
  idPrefix: string;
}

export interface Person {
  id: string;
  workspaceId: string;
  name: string;
  email: string;
  avatarUrl: string | null;
  role: "owner" | "member";
}

/** What the developer of an app allowed it to do, set once in Notion's own settings. */
export interface Capabilities {
  readContent: boolean;
  updateContent: boolean;
  insertContent: boolean;
  readComments: boolean;
  insertComments: boolean;
  users: "none" | "without_email" | "with_email";
}

/** What Notion calls a connection or integration: the program that asks for access. */
export interface App {
  /** Also its OAuth client id. */
  id: string;
  name: string;
  /** Null for an internal one, which has tokens but no OAuth. */
  clientSecret: string | null;
  redirectUris: string[];
  /** Accept any redirect to this machine, so that a development app needs no set-up. */
  allowsLoopbackRedirects: boolean;
  capabilities: Capabilities;
}

/** An app's access to what one person (or the workspace) granted it; its id is the bot's. */
export interface Connection {
  id: string;
  appId: string;
  workspaceId: string;
  /** Null when the workspace owns it, as with internal integrations. */
  personId: string | null;
  /** Roots it may see, everything below included; "all" for the whole workspace. */
  shared: string[] | "all";
  createdTime: Time;
  grantedTime: Time;
  /** When its person took the access away; its tokens are gone, its name stays on its edits. */
  revokedTime: Time | null;
}

export interface AuthorizationCode {
  /** SHA-256 of the code; codes and tokens are never kept themselves. */
  id: string;
  appId: string;
  personId: string;
  pageIds: string[];
  redirectUri: string;
  /** Whether the authorize request named it, so that the token request must too. */
  redirectUriGiven: boolean;
  expiresTime: Time;
  used: boolean;
}

/** A token that is good; refreshing and revoking remove it. */
export interface Token {
  /** SHA-256 of the token. */
  id: string;
  kind: "access" | "refresh";
  connectionId: string;
  /** The other of its pair; null for tokens of internal integrations, which do not expire. */
  partnerId: string | null;
  issuedTime: Time;
}

interface NodeBase {
  id: string;
  workspaceId: string;
  /** Id of the page, block, database or data source it is in, or of the workspace. */
  parentId: string;
  /** Its place among the children of its parent. */
  order: number;
  createdTime: Time;
  createdBy: string;
  editedTime: Time;
  editedBy: string;
  /** Whether it was thrown away itself; what is below a trashed node is in the trash with it. */
  inTrash: boolean;
}

export interface PageNode extends NodeBase {
  kind: "page";
  icon: Icon | null;
  cover: FileSource | null;
  isLocked: boolean;
  isArchived: boolean;
  /** Values by property id; a page outside a data source has only `title`. */
  properties: Record<string, PropertyValue>;
}

export interface BlockNode extends NodeBase {
  kind: "block";
  type: string;
  /** The payload under the block's type, mentions and files unresolved. */
  content: Record<string, unknown>;
}

export interface DatabaseNode extends NodeBase {
  kind: "database";
  title: RichText[];
  description: RichText[];
  icon: Icon | null;
  cover: FileSource | null;
  isInline: boolean;
  isLocked: boolean;
}

export interface DataSourceNode extends NodeBase {
  kind: "data_source";
  title: RichText[];
  icon: Icon | null;
  /** In the order they were made. */
  schema: PropertySchema[];
  /** The next number of its unique id property. */
  nextNumber: number;
}

export type Node = PageNode | BlockNode | DatabaseNode | DataSourceNode;

/** A value as stored: the payload of its type, references unresolved. */
export interface PropertyValue {
  type: string;
  value: unknown;
}

export interface PropertySchema {
  id: string;
  name: string;
  description: string | null;
  type: string;
  config: Record<string, unknown>;
}

export interface Comment {
  id: string;
  /** The page or block it is about. */
  parentId: string;
  discussionId: string;
  workspaceId: string;
  richText: RichText[];
  createdTime: Time;
  editedTime: Time;
  createdBy: string;
  displayName: { type: "integration" | "user" } | { type: "custom"; name: string };
  /** File uploads shown with it. */
  attachments: string[];
}

/** A file sent to Notion, or about to be; its bytes are in the file store. */
export interface Upload {
  id: string;
  workspaceId: string;
  createdBy: string;
  createdTime: Time;
  editedTime: Time;
  mode: "single_part" | "multi_part" | "external_url";
  status: "pending" | "uploaded" | "failed" | "expired";
  filename: string | null;
  contentType: string | null;
  contentLength: number | null;
  /** Parts expected and numbers of those sent. */
  parts: { total: number; sent: number[] } | null;
  /** Null from when it is attached to something; until then it is dropped after this time. */
  expiryTime: Time | null;
  /** Where its bytes are fetched from, and how that went; only of the mode `external_url`. */
  externalUrl?: string;
  importResult?: ImportResult;
}

export type ImportResult = { importedTime: Time } & (
  | { type: "success" }
  | { type: "error"; error: ImportError }
);

export interface ImportError {
  type: "validation_error" | "internal_system_error" | "download_error" | "upload_error";
  code: string;
  message: string;
  parameter: string | null;
  statusCode: number | null;
}

/** A way of looking at a data source. */
export interface ViewRecord {
  id: string;
  databaseId: string;
  dataSourceId: string;
  name: string;
  type: string;
  createdTime: Time;
  createdBy: string;
  editedTime: Time;
  editedBy: string;
  filter: unknown;
  sorts: unknown;
  quickFilters: unknown;
  configuration: Record<string, unknown> | null;
}

/** The rows a view showed when it was asked, kept for paging through them. */
export interface ViewQuery {
  id: string;
  viewId: string;
  pageIds: string[];
  expiresTime: Time;
}

/** Work that was answered with 202; here it is always done already. */
export interface Task {
  id: string;
  workspaceId: string;
  createdTime: Time;
  operation: string;
  result: object;
}

/** Where an app wants to be told of what happens. */
export interface Subscription {
  id: string;
  appId: string;
  url: string;
  apiVersion: "2022-06-28" | "2025-09-03" | "2026-03-11";
  /** Event types asked for; null for all there are. */
  eventTypes: string[] | null;
  /** Proves to the receiver who sends; also the key of every signature. */
  verificationToken: string;
  status: "pending" | "active" | "paused";
  createdTime: Time;
  /** How it went when the address was last sent the token. */
  tokenDelivery?: TokenDelivery;
  /** Why it is paused, when it is. */
  pause?: Pause;
}

/** What an address answered, or why it did not. */
export interface PostResult {
  /** Null when there was no answer. */
  status: number | null;
  /** Headers of the answer that tell something about it. */
  headers: Record<string, string>;
  /** The beginning of the answer's body, as text. */
  body: string;
  isBodyCut: boolean;
  /** Why there was no answer, and what that was caused by, such as a refused connection. */
  error: string | null;
  cause: string | null;
  durationMs: number;
}

export interface TokenDelivery extends PostResult {
  time: string;
}

export interface Pause {
  reason: "failures" | "request";
  time: string;
  /** Events given up one after the other, and the last answer to one. */
  failures: number;
  lastAnswer: PostResult | null;
}

export interface Tables {
  workspaces: Workspace;
  people: Person;
  apps: App;
  connections: Connection;
  codes: AuthorizationCode;
  tokens: Token;
  nodes: Node;
  comments: Comment;
  uploads: Upload;
  views: ViewRecord;
  viewQueries: ViewQuery;
  tasks: Task;
  subscriptions: Subscription;
}

export type TableName = keyof Tables;
