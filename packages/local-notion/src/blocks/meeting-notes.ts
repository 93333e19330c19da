import type { View } from "../api/view.ts";
import type { BlockNode } from "../store/records.ts";
import { object } from "../validate/composites.ts";
import type { BlockType } from "./block-types.ts";
import { text } from "./fields.ts";

/** The parts of meeting notes; each is a block below them. */
export const noteSections = ["summary", "notes", "transcript"] as const;

type SectionIds = Partial<Record<`${(typeof noteSections)[number]}_block_id`, string>>;

/** Notes of a meeting, which only Notion's recorder makes; here `/_local/meeting-notes` does. */
export const meetingNotes: BlockType = {
  nesting: "any",
  isWritable: false,
  createSchema: () => object({}),
  updateSchema: object({}),
  toContent: (_, before = {}) => before,
  present: ({ title, status, ...content }, view) => ({
    title: text.present(title, view),
    status,
    children: presentSections(sectionsOf(content), view),
  }),
};

/** Sections in the trash are not named. */
function presentSections(ids: SectionIds, { store }: View): object {
  const there = Object.entries(ids).filter(([, id]) => store.get("nodes", id)?.inTrash === false);
  return Object.fromEntries(there);
}

/** The border to the store: the control endpoint put them there. */
function sectionsOf(content: Record<string, unknown>): SectionIds {
  return content["children"] ?? {};
}

/** The id of the transcript in meeting notes. */
export function transcriptOf({ type, content }: BlockNode): string | undefined {
  return type === "meeting_notes" ? sectionsOf(content).transcript_block_id : undefined;
}
