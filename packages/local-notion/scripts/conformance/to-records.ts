import type { Comment, Node, Person, Upload, ViewRecord } from "../../src/store/records.ts";
import { parentOf } from "./known-objects.ts";
import { isObject, textOf, type Json, type JsonObject } from "./recording.ts";
import { toColumn, toValue } from "./to-properties.ts";
import { toContent, toFile, toIcon, toTexts } from "./to-content.ts";

interface Spot {
  home: string;
  order: number;
}

/** A node from an object Notion answered with. */
export function toNode(object: JsonObject, { home, order }: Spot): Node {
  const base = {
    id: textOf(object["id"]),
    workspaceId: home,
    parentId: parentOf(object) ?? home,
    order,
    createdTime: Date.parse(textOf(object["created_time"])),
    createdBy: idOf(object["created_by"]),
    editedTime: Date.parse(textOf(object["last_edited_time"])),
    editedBy: idOf(object["last_edited_by"]),
    inTrash: object["in_trash"] === true,
  };
  switch (object["object"]) {
    case "page":
      return {
        kind: "page",
        ...base,
        icon: toIcon(object["icon"]),
        cover: toFile(object["cover"]),
        isLocked: object["is_locked"] === true,
        isArchived: object["is_archived"] === true,
        properties: toValues(object["properties"]),
      };
    case "database":
      return {
        kind: "database",
        ...base,
        title: toTexts(object["title"]),
        description: toTexts(object["description"]),
        icon: toIcon(object["icon"]),
        cover: toFile(object["cover"]),
        isInline: object["is_inline"] === true,
        isLocked: object["is_locked"] === true,
      };
    case "data_source":
      return {
        kind: "data_source",
        ...base,
        title: toTexts(object["title"]),
        icon: toIcon(object["icon"]),
        schema: Object.values(isObject(object["properties"]) ? object["properties"] : {})
          .filter((column) => isObject(column))
          .map(toColumn),
        nextNumber: 1,
      };
    default:
      return blockNode(object, base);
  }
}

type Base = Omit<Extract<Node, { kind: "block" }>, "kind" | "type" | "content">;

/** Child pages and databases seen only as blocks are pages and databases with that title. */
function blockNode(object: JsonObject, base: Base): Node {
  const type = textOf(object["type"]);
  const payload = isObject(object[type]) ? object[type] : {};
  const shared = { ...base, icon: null, cover: null, isLocked: false };
  const title = [
    { type: "text", text: { content: textOf(payload["title"]), link: null }, annotations: {} },
  ];
  if (type === "child_page") {
    const properties = { title: { type: "title", value: toTexts(title) } };
    return { kind: "page", ...shared, isArchived: false, properties };
  }
  if (type === "child_database") {
    return { kind: "database", ...shared, title: toTexts(title), description: [], isInline: false };
  }
  return { kind: "block", ...base, type, content: toContent(type, payload) };
}

function toValues(properties: Json | undefined) {
  if (!isObject(properties)) return {};
  return Object.fromEntries(
    Object.values(properties)
      .filter((value) => isObject(value))
      .map((value) => [decodeURIComponent(textOf(value["id"])), toValue(value)]),
  );
}

/** Databases do not tell who made them; any id does for what compares none. */
const somebody = "00000000-0000-4000-8000-0000000000f1";

function idOf(value: Json | undefined): string {
  return isObject(value) ? textOf(value["id"]) : somebody;
}

export function toPerson(user: JsonObject, home: string): Person {
  const person = user["person"];
  return {
    id: textOf(user["id"]),
    workspaceId: home,
    name: textOf(user["name"]),
    email: isObject(person) ? textOf(person["email"]) : "",
    avatarUrl: typeof user["avatar_url"] === "string" ? user["avatar_url"] : null,
    role: "member",
  };
}

export function toComment(object: JsonObject, home: string): Comment {
  const display = object["display_name"];
  const isUser = isObject(display) && display["type"] === "user";
  return {
    id: textOf(object["id"]),
    parentId: parentOf(object) ?? home,
    discussionId: textOf(object["discussion_id"]),
    workspaceId: home,
    richText: toTexts(object["rich_text"]),
    createdTime: Date.parse(textOf(object["created_time"])),
    editedTime: Date.parse(textOf(object["last_edited_time"])),
    createdBy: idOf(object["created_by"]),
    displayName: { type: isUser ? "user" : "integration" },
    attachments: [],
  };
}

export function toView(object: JsonObject): ViewRecord {
  return {
    id: textOf(object["id"]),
    databaseId: parentOf(object) ?? "",
    dataSourceId: textOf(object["data_source_id"]),
    name: textOf(object["name"]),
    type: textOf(object["type"]),
    createdTime: Date.parse(textOf(object["created_time"])),
    createdBy: idOf(object["created_by"]),
    editedTime: Date.parse(textOf(object["last_edited_time"])),
    editedBy: idOf(object["last_edited_by"]),
    filter: object["filter"] ?? null,
    sorts: object["sorts"] ?? null,
    quickFilters: object["quick_filters"] ?? null,
    configuration: isObject(object["configuration"]) ? object["configuration"] : null,
  };
}

export function toUpload(object: JsonObject, home: string): Upload {
  const expiry = object["expiry_time"];
  return {
    id: textOf(object["id"]),
    workspaceId: home,
    createdBy: idOf(object["created_by"]),
    createdTime: Date.parse(textOf(object["created_time"])),
    editedTime: Date.parse(textOf(object["last_edited_time"])),
    mode: "single_part",
    status: object["status"] === "uploaded" ? "uploaded" : "pending",
    filename: textOf(object["filename"]),
    contentType: textOf(object["content_type"]),
    contentLength: typeof object["content_length"] === "number" ? object["content_length"] : null,
    parts: null,
    expiryTime: typeof expiry === "string" ? Date.parse(expiry) : null,
  };
}
