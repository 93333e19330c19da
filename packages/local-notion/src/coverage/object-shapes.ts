import type {
  BlockObjectResponse,
  Client,
  CommentObjectResponse,
  DatabaseObjectResponse,
  DataSourceObjectResponse,
  DataSourceViewObjectResponse,
  DeletedViewQueryResponse,
  DeleteViewResponse,
  FileUploadObjectResponse,
  GetAsyncTaskResponse,
  OauthIntrospectResponse,
  OauthTokenResponse,
  PageObjectResponse,
  PropertyItemObjectResponse,
  UserObjectResponse,
  ViewQueryResponse,
} from "@notionhq/client";
import { apiVersions, type ApiVersion } from "../api/version.ts";

/** The kind of a value in JSON; with `?` it may be null. */
type Shape = Kind | `${Kind}?`;
type Kind = "text" | "number" | "boolean" | "list" | "object";
type Shapes = Readonly<Record<string, Shape>>;

type KindOf<T> = T extends string
  ? "text"
  : T extends number
    ? "number"
    : T extends boolean
      ? "boolean"
      : T extends readonly unknown[]
        ? "list"
        : "object";
type ShapeOf<T> = null extends T ? `${KindOf<NonNullable<T>>}?` : KindOf<T>;

/**
 * What a published type of the client requires: the compiler refuses a table here that leaves out a
 * required field or says another kind of it than the client does.
 */
type Published<T> = RequiredOf<Pick<T, keyof T>>;
type RequiredOf<T> = {
  readonly [K in keyof T as object extends Pick<T, K> ? never : K]: ShapeOf<T[K]>;
};

const edited = {
  created_time: "text",
  created_by: "object",
  last_edited_time: "text",
  last_edited_by: "object",
} as const;
const looks = { icon: "object?", cover: "object?", url: "text", public_url: "text?" } as const;
const thrownAway = { in_trash: "boolean", archived: "boolean" } as const;
const identified = { object: "text", id: "text" } as const;

const page: Published<PageObjectResponse> = {
  ...identified,
  ...edited,
  ...looks,
  ...thrownAway,
  is_archived: "boolean",
  is_locked: "boolean",
  parent: "object",
  properties: "object",
};

const block: Published<BlockObjectResponse> = {
  ...identified,
  ...edited,
  ...thrownAway,
  type: "text",
  parent: "object",
  has_children: "boolean",
};

const dataSource: Published<DataSourceObjectResponse> = {
  ...identified,
  ...edited,
  ...looks,
  ...thrownAway,
  title: "list",
  description: "list",
  parent: "object",
  database_parent: "object",
  is_inline: "boolean",
  properties: "object",
};

const database: Published<DatabaseObjectResponse> = {
  ...identified,
  ...looks,
  ...thrownAway,
  created_time: "text",
  last_edited_time: "text",
  title: "list",
  description: "list",
  parent: "object",
  is_inline: "boolean",
  is_locked: "boolean",
  data_sources: "list",
};

const comment: Published<CommentObjectResponse> = {
  ...identified,
  parent: "object",
  discussion_id: "text",
  created_time: "text",
  last_edited_time: "text",
  created_by: "object",
  rich_text: "list",
  display_name: "object",
};

const user: Published<UserObjectResponse> = {
  ...identified,
  type: "text",
  name: "text?",
  avatar_url: "text?",
};

const fileUpload: Published<FileUploadObjectResponse> = {
  ...identified,
  ...thrownAway,
  created_time: "text",
  created_by: "object",
  last_edited_time: "text",
  expiry_time: "text?",
  status: "text",
  filename: "text?",
  content_type: "text?",
  content_length: "number?",
};

const propertyItem: Published<PropertyItemObjectResponse> = { ...identified, type: "text" };

const deletedView: Published<DeleteViewResponse> = {
  ...identified,
  parent: "object",
  type: "text",
};

const view: Published<DataSourceViewObjectResponse> = {
  ...deletedView,
  created_time: "text",
  last_edited_time: "text",
  name: "text",
  url: "text",
};

const viewQuery: Published<ViewQueryResponse> = {
  ...identified,
  view_id: "text",
  expires_at: "text",
  total_count: "number",
  results: "list",
  next_cursor: "text?",
  has_more: "boolean",
};

const deletedViewQuery: Published<DeletedViewQueryResponse> = { ...identified, deleted: "boolean" };

type PageMarkdown = Awaited<ReturnType<Client["pages"]["retrieveMarkdown"]>>;
const pageMarkdown: Published<PageMarkdown> = {
  ...identified,
  markdown: "text",
  truncated: "boolean",
  unknown_block_ids: "list",
};

const asyncTask: Published<GetAsyncTaskResponse> = {
  ...identified,
  status: "text",
  status_url: "text",
  created_time: "text",
  operation: "object",
};

const grant: Published<OauthTokenResponse> = {
  access_token: "text",
  token_type: "text",
  refresh_token: "text?",
  bot_id: "text",
  workspace_icon: "text?",
  workspace_name: "text?",
  workspace_id: "text",
  owner: "object",
  duplicated_template_id: "text?",
};

const introspection: Published<OauthIntrospectResponse> = { active: "boolean" };

/** Objects of the API; the first word is what their `object` says, where they have one. */
export const objectShapes = {
  page,
  block,
  data_source: dataSource,
  database,
  comment,
  user,
  file_upload: fileUpload,
  property_item: propertyItem,
  view,
  "view (id only)": identified,
  "view (deleted)": deletedView,
  view_query: viewQuery,
  "view_query (deleted)": deletedViewQuery,
  "page (id only)": identified,
  page_markdown: pageMarkdown,
  async_task: asyncTask,
  grant,
  introspection,
  revocation: {},
} as const satisfies Record<string, Shapes>;

export type ObjectKind = keyof typeof objectShapes;

/** The shape at a version: the client's types are those of the newest one. */
export function shapeAt(kind: ObjectKind, version: ApiVersion): Shapes {
  const gone = goneKeys(kind, version);
  // Before data sources a database was what a data source is now.
  const isOldDatabase = kind === "database" && version === apiVersions[0];
  const shapes: Shapes = objectShapes[isOldDatabase ? "data_source" : kind];
  return Object.fromEntries(Object.entries(shapes).filter(([key]) => !gone.has(key)));
}

/** Keys of the client's types that a version does not know, or no longer sends. */
export function goneKeys(kind: ObjectKind, version: ApiVersion): ReadonlySet<string> {
  if (version === "2026-03-11") return new Set(["archived"]);
  if (version === "2025-09-03") return new Set();
  if (kind === "page") return new Set(["is_archived", "is_locked"]);
  return new Set(kind === "database" ? ["data_sources", "database_parent", "is_locked"] : []);
}
