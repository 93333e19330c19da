import type { Action } from "@tenon/connector";
import { addComment } from "./add-comment.ts";
import { appendBlocks } from "./append-blocks.ts";
import { archivePage } from "./archive-page.ts";
import { createDataSource } from "./create-data-source.ts";
import { createDataSourceItem } from "./create-data-source-item.ts";
import { createDatabase } from "./create-database.ts";
import { createPage } from "./create-page.ts";
import { createPageWithMarkdown } from "./create-page-with-markdown.ts";
import { deleteBlock } from "./delete-block.ts";
import { deleteComment } from "./delete-comment.ts";
import { duplicatePage } from "./duplicate-page.ts";
import { getBotUser } from "./get-bot-user.ts";
import { getDataSource } from "./get-data-source.ts";
import { getDataSourceItem } from "./get-data-source-item.ts";
import { getDatabase } from "./get-database.ts";
import { getPage } from "./get-page.ts";
import { getPageAsMarkdown } from "./get-page-as-markdown.ts";
import { getPageContent } from "./get-page-content.ts";
import { getUser } from "./get-user.ts";
import { listComments } from "./list-comments.ts";
import { listDataSources } from "./list-data-sources.ts";
import { listUsers } from "./list-users.ts";
import { movePage } from "./move-page.ts";
import { queryDataSource } from "./query-data-source.ts";
import { restorePage } from "./restore-page.ts";
import { retrieveBlock } from "./retrieve-block.ts";
import { searchPages } from "./search-pages.ts";
import { updateBlock } from "./update-block.ts";
import { updateComment } from "./update-comment.ts";
import { updateDataSource } from "./update-data-source.ts";
import { updateDataSourceItem } from "./update-data-source-item.ts";
import { updateDatabase } from "./update-database.ts";
import { updatePage } from "./update-page.ts";
import { updatePageWithMarkdown } from "./update-page-with-markdown.ts";
import { uploadFile } from "./upload-file.ts";

/** Every action of Notion, in the order that people see them. */
export const actions: readonly Action[] = [
  createPage,
  createPageWithMarkdown,
  updatePage,
  getPage,
  archivePage,
  restorePage,
  movePage,
  duplicatePage,
  searchPages,
  getPageContent,
  getPageAsMarkdown,
  updatePageWithMarkdown,
  appendBlocks,
  updateBlock,
  retrieveBlock,
  deleteBlock,
  queryDataSource,
  createDataSourceItem,
  updateDataSourceItem,
  getDataSourceItem,
  listDataSources,
  getDataSource,
  createDataSource,
  updateDataSource,
  getDatabase,
  createDatabase,
  updateDatabase,
  addComment,
  listComments,
  updateComment,
  deleteComment,
  listUsers,
  getUser,
  getBotUser,
  uploadFile,
];
