import { toMarkdown } from "../markdown/to-markdown.ts";
import { newUuid, toBare } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { PageNode, Task } from "../store/records.ts";
import { array, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, literal, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { assertEditable, findPage, notFound, pathId } from "./find-node.ts";
import { rewriteContent } from "./rewrite-content.ts";

const path = "/v1/pages/:page_id/markdown";

export const pageMarkdownRoutes: Route[] = [
  { method: "GET", path, capability: "readContent", answer: retrieveMarkdown },
  { method: "PATCH", path, capability: "updateContent", answer: updateMarkdown },
  { method: "GET", path: "/v1/async_tasks/:task_id", answer: retrieveTask },
];

function retrieveMarkdown(call: Call): object {
  return presentMarkdown(call, findPage(call.view, pathId(call, "page_id")));
}

function presentMarkdown(call: Call, page: PageNode): object {
  const { text, unknownIds } = toMarkdown(page, call.view);
  return {
    object: "page_markdown",
    id: page.id,
    markdown: text,
    truncated: false,
    unknown_block_ids: unknownIds,
  };
}

const allow = { allow_deleting_content: optional(boolean()) };
const shared = { allow_async: optional(boolean()) };
const updateRequest = union(
  object({
    ...shared,
    type: literal("insert_content"),
    insert_content: object({
      content: string(),
      after: optional(string()),
      position: optional(
        union(object({ type: literal("start") }), object({ type: literal("end") })),
      ),
    }),
  }),
  object({
    ...shared,
    type: literal("replace_content_range"),
    replace_content_range: object({ content: string(), content_range: string(), ...allow }),
  }),
  object({
    ...shared,
    type: literal("update_content"),
    update_content: object({
      content_updates: array(
        object({
          old_str: string({ min: 1 }),
          new_str: string(),
          replace_all_matches: optional(boolean()),
        }),
        { max: 100 },
      ),
      ...allow,
    }),
  }),
  object({
    ...shared,
    type: literal("replace_content"),
    replace_content: object({ new_str: string(), ...allow }),
  }),
);
type UpdateRequest = Infer<typeof updateRequest>;

function updateMarkdown(call: Call): object {
  const page = findPage(call.view, pathId(call, "page_id"));
  const request = parseBody(updateRequest, call.body);
  assertEditable(call.view, page);
  applyUpdate(call, page, request);
  const result = presentMarkdown(call, findPage(call.view, page.id));
  return request.allow_async ? queue(call, result) : result;
}

/** Every kind of update replaces some part of the page's text by another. */
function applyUpdate(call: Call, page: PageNode, request: UpdateRequest): void {
  const edit = (span: Span, text: string, mayDelete = false): void =>
    rewriteContent(call, page, { span, text, mayDelete });
  switch (request.type) {
    case "insert_content": {
      const { content, after, position } = request.insert_content;
      const { text } = toMarkdown(page, call.view);
      const at =
        after === undefined
          ? position?.type === "start"
            ? 0
            : text.length
          : afterText(text, after);
      edit({ from: at, to: at }, at === 0 ? `${content}\n` : `\n${content}`);
      return;
    }
    case "replace_content_range": {
      const change = request.replace_content_range;
      const span = rangeOf(toMarkdown(page, call.view).text, change.content_range);
      edit(span, change.content, change.allow_deleting_content);
      return;
    }
    case "replace_content": {
      const { new_str: text, allow_deleting_content: mayDelete } = request.replace_content;
      edit({ from: 0, to: toMarkdown(page, call.view).text.length }, text, mayDelete);
      return;
    }
    case "update_content": {
      const { content_updates: updates, allow_deleting_content: mayDelete } =
        request.update_content;
      for (const one of updates) {
        for (const span of occurrences(toMarkdown(page, call.view).text, one)) {
          edit(span, one.new_str, mayDelete);
        }
      }
    }
  }
}

export interface Span {
  from: number;
  to: number;
}

/** Where a text occurs, the last place first so that earlier places stay where they are. */
function occurrences(
  text: string,
  change: { old_str: string; replace_all_matches?: boolean },
): Span[] {
  const spans: Span[] = [];
  const { old_str: wanted } = change;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    spans.push({ from: at, to: at + wanted.length });
  }
  if (spans.length === 0) throw notThere(wanted);
  if (spans.length > 1 && !change.replace_all_matches) {
    throw NotionError.validation(
      `old_str occurs ${spans.length} times in the page; make it longer or set replace_all_matches.`,
    );
  }
  return spans.toReversed();
}

function notThere(wanted: string): NotionError {
  return NotionError.validation(`Could not find the text ${JSON.stringify(wanted)} in the page.`);
}

/** A range is written as its first words, three dots and its last words. */
function rangeOf(text: string, selection: string): Span {
  const [start = "", ...ends] = selection.split("...");
  const from = text.indexOf(start);
  if (from < 0) throw notThere(start);
  const end = ends.join("...");
  const at = text.indexOf(end, from + (end === "" ? 0 : start.length));
  if (at < 0) throw notThere(end);
  return { from, to: end === "" ? from + start.length : at + end.length };
}

/** The end of the line a selection ends on. */
function afterText(text: string, selection: string): number {
  const { to } = rangeOf(text, selection);
  const lineEnd = text.indexOf("\n", to);
  return lineEnd < 0 ? text.length : lineEnd;
}

function queue(call: Call, result: object): object {
  const { view } = call;
  const task: Task = {
    id: `task_${toBare(newUuid())}`,
    workspaceId: view.connection.workspaceId,
    createdTime: view.clock.now(),
    operation: "PATCH /v1/pages/:page_id/markdown",
    result,
  };
  view.store.put("tasks", task);
  call.status = 202;
  return {
    ...presentTask(call, task, "queued"),
    poll_after_seconds: 2,
    operation: operationOf(task),
  };
}

function retrieveTask(call: Call): object {
  const task = call.view.store.get("tasks", call.params["task_id"] ?? "");
  if (!task || task.workspaceId !== call.view.connection.workspaceId) {
    throw notFound("async task", call.params["task_id"] ?? "", call.view);
  }
  return {
    ...presentTask(call, task, "succeeded"),
    operation: operationOf(task),
    result: resultOf(task),
  };
}

/** Kept results come with their fields in another order than fresh ones. */
function resultOf(task: Task): object {
  const { object, id, ...content } = task.result as Record<string, unknown>;
  return { ...content, id, object };
}

function presentTask(call: Call, task: Task, status: string): object {
  return {
    object: "async_task",
    id: task.id,
    status,
    status_url: `${call.view.publicUrl}/v1/async_tasks/${task.id}`,
    created_time: new Date(task.createdTime).toISOString(),
  };
}

function operationOf(task: Task): object {
  return { surface: "rest", name: task.operation };
}
