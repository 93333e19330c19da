import { noteSections } from "../blocks/meeting-notes.ts";
import { newNodeId, toDashed } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { plain } from "../rich-text/rich-text.ts";
import type { BlockNode, PageNode } from "../store/records.ts";
import { array, object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { id, optional, string } from "../validate/scalars.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";

export const meetingNotesRoutes: ControlRoute[] = [
  { method: "POST", path: "/_local/meeting-notes", answer: addMeetingNotes },
];

const paragraphs = optional(array(string()));
const meetingNotesRequest = object({
  pageId: id(),
  title: string(),
  summary: paragraphs,
  notes: paragraphs,
  transcript: paragraphs,
});

/** Puts notes of a meeting at the end of a page, as if Notion had recorded one there. */
function addMeetingNotes({ instance, body }: ControlCall): object {
  const { pageId, title, ...sections } = parseBody(meetingNotesRequest, body);
  const page = instance.store.get("nodes", toDashed(pageId));
  if (page?.kind !== "page") {
    throw new NotionError([404, "object_not_found"], `There is no page ${pageId}.`);
  }
  const writer: Writer = { instance, page };
  const notes = putBlock(writer, page.id, { type: "meeting_notes", content: {} });
  const children: Record<string, string> = {};
  for (const name of noteSections) {
    const heading = { rich_text: [plain(headings[name])], color: "default" };
    const section = putBlock(writer, notes.id, { type: "toggle", content: heading });
    children[`${name}_block_id`] = section.id;
    for (const line of sections[name] ?? []) {
      const content = { rich_text: [plain(line)], color: "default" };
      putBlock(writer, section.id, { type: "paragraph", content });
    }
  }
  const content = { title: [plain(title)], status: "notes_ready", children };
  instance.store.put("nodes", { ...notes, content });
  return { id: notes.id, children };
}

const headings = { summary: "Summary", notes: "Notes", transcript: "Transcript" } as const;

interface Writer {
  instance: Instance;
  page: PageNode;
}

function putBlock(
  { instance: { store, clock }, page }: Writer,
  parentId: string,
  { type, content }: Pick<BlockNode, "type" | "content">,
): BlockNode {
  const now = clock.now();
  const block: BlockNode = {
    kind: "block",
    id: newNodeId(store.get("workspaces", page.workspaceId)?.idPrefix ?? ""),
    workspaceId: page.workspaceId,
    parentId,
    order: store.nodes.orderAtEnd(parentId),
    createdTime: now,
    createdBy: page.createdBy,
    editedTime: now,
    editedBy: page.createdBy,
    inTrash: false,
    type,
    content,
  };
  store.put("nodes", block);
  return block;
}
