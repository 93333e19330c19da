import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { crashPoints } from "../testing/step.ts";
import { addComment } from "./add-comment.ts";
import { deleteComment } from "./delete-comment.ts";
import { listComments } from "./list-comments.ts";
import { updateComment } from "./update-comment.ts";

let rig: ActionRig;
let page: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  page = await findPageId(rig, "Handbook");
});
beforeEach(() => rig.forgetRequests());
afterAll(() => rig.close());

async function firstBlock(): Promise<string> {
  const { results }: any = await rig.client.request("GET", `/v1/blocks/${page}/children`);
  return results[0].id;
}

describe("a comment", () => {
  it("is added to a page and answered in its discussion", async () => {
    const { result: first } = await rig.run(addComment, { page, text: "First" });
    const { result: answer } = await rig.run(addComment, {
      discussion: first.discussion_id,
      markdown: "An **answer**",
      displayName: "The app",
    });
    expect(answer).toMatchObject({ discussion_id: first.discussion_id, text: "An answer" });
    expect(answer.rich_text[1]).toMatchObject({ annotations: { bold: true } });
    const { result } = await rig.run(listComments, { block: page });
    expect(result.map(({ text }) => text)).toEqual(["First", "An answer"]);
  });

  it("is added to a block, in a discussion of its own", async () => {
    const block = await firstBlock();
    const { result: one } = await rig.run(addComment, { block, text: "One" });
    await rig.run(addComment, { block, text: "Two" });
    const { result: all } = await rig.run(listComments, { block });
    expect(all.map(({ text }) => text)).toEqual(["One", "Two"]);
    const { result } = await rig.run(listComments, { block, discussion: one.discussion_id });
    expect(result.map(({ text }) => text)).toEqual(["One"]);
    expect((await rig.run(listComments, { block, limit: 1 })).result).toHaveLength(1);
  });

  it("may be longer than the 2,000 letters of one piece", async () => {
    const text = "many words ".repeat(500);
    const { result } = await rig.run(addComment, { page, text });
    expect(result.text).toBe(text);
  });

  it.each<[object, string]>([
    [{ text: "x" }, "Name what the comment is on"],
    [{ page: "a", block: "b", text: "x" }, "only one of them"],
    [{ page: "nowhere", text: "x" }, "is no page id"],
    [{ discussion: "nowhere", text: "x" }, "is no discussion id"],
  ])("is not added to %j", async (input, message) => {
    await expect(rig.run(addComment, { ...input })).rejects.toThrow(message);
    expect(await rig.writes()).toEqual([]);
  });

  it.each<[object, string]>([
    [{}, "one of them"],
    [{ text: " " }, "one of them"],
    [{ text: "a", markdown: "b" }, "not both"],
    [{ text: "x".repeat(200_001) }, "at most 200,000"],
  ])("is not added with %# words", async (words, message) => {
    await expect(rig.run(addComment, { page, ...words })).rejects.toThrow(message);
    expect(await rig.writes()).toEqual([]);
  });

  it("is added once where Notion answers 503 after it was saved", async () => {
    await rig.fault({ method: "POST", times: 1 }, { status: 503, when: "after_save" });
    const { result } = await rig.run(addComment, { page, text: "Saved" });
    expect(result.text).toBe("Saved");
    expect(await rig.writes()).toHaveLength(1);
  });

  it("is changed, and deleted for good", async () => {
    const { result: made } = await rig.run(addComment, { page, text: "Before" });
    const { result: changed } = await rig.run(updateComment, { comment: made.id, text: "After" });
    expect(changed.text).toBe("After");
    const { result } = await rig.run(deleteComment, { comment: made.id });
    expect(result).toEqual({ id: made.id, deleted: true });
    await expect(rig.run(deleteComment, { comment: made.id })).rejects.toThrow(
      `The comment ${made.id} is not shared with this connection, or it does not exist`,
    );
  });

  it("is deleted, wherever the process dies", async () => {
    for (const crash of crashPoints(1)) {
      const { result: made } = await rig.run(addComment, { page, text: "Gone" });
      const step = rig.step(deleteComment, { comment: made.id });
      expect(await step.attemptThrough(crash)).toEqual({ result: { id: made.id, deleted: true } });
    }
  });

  it("needs the capability to write comments", async () => {
    const token = await rig.mintToken({ capabilities: { insertComments: false } });
    const added = rig.run(addComment, { page, text: "x" }, rig.clientOf(token));
    await expect(added).rejects.toThrow('lacks the capability "Insert comments"');
  });
});
