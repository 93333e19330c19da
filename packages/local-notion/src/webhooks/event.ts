/** Everything Notion can tell of. */
export const eventTypes = [
  "page.created",
  "page.content_updated",
  "page.properties_updated",
  "page.moved",
  "page.deleted",
  "page.undeleted",
  "page.locked",
  "page.unlocked",
  "page.transcription_block.transcript_deleted",
  "database.created",
  "database.content_updated",
  "database.schema_updated",
  "database.moved",
  "database.deleted",
  "database.undeleted",
  "data_source.created",
  "data_source.content_updated",
  "data_source.schema_updated",
  "data_source.moved",
  "data_source.deleted",
  "data_source.undeleted",
  "comment.created",
  "comment.updated",
  "comment.deleted",
  "file_upload.created",
  "file_upload.completed",
  "file_upload.expired",
  "file_upload.upload_failed",
  "view.created",
  "view.updated",
  "view.deleted",
] as const;

export type EventType = (typeof eventTypes)[number];
export type EntityType = "page" | "database" | "data_source" | "comment" | "file_upload" | "view";

/** Something that happened, before it is known who is told of it. */
export interface Happening {
  type: EventType;
  entity: { id: string; type: EntityType };
  /** The page, database or data source that decides who may know of it. */
  nodeId: string | undefined;
  authors: string[];
  time: number;
  /** Details that grow when happenings are merged: lists of what was changed. */
  updatedBlocks: { id: string; type: string }[];
  updatedProperties: unknown[];
  /** Details that do not. */
  extra: Record<string, unknown>;
}
