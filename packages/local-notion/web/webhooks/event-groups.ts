import type { ApiVersion } from "../../src/api/version.ts";
import { type EntityType, type EventType, eventTypes } from "../../src/webhooks/event.ts";

export interface EventGroup {
  title: string;
  types: readonly EventType[];
}

const titles: Record<EntityType, string> = {
  page: "Pages",
  database: "Databases",
  data_source: "Data sources",
  comment: "Comments",
  file_upload: "File uploads",
  view: "Views",
};

/** The event types of a version by what they are about. Before 2025-09-03 nothing had data sources. */
export function eventGroups(version: ApiVersion): EventGroup[] {
  const groups = Map.groupBy(eventTypes, entityOf);
  if (version === "2022-06-28") groups.delete("data_source");
  return [...groups].map(([entity, types]) => ({ title: titles[entity], types }));
}

/** Every type is named after what it is about. */
function entityOf(type: EventType): EntityType {
  return type.slice(0, type.indexOf(".")) as EntityType;
}
