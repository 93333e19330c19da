export { createLocalNotion } from "./create-local-notion.ts";
export type { LocalNotion, LocalNotionOptions } from "./create-local-notion.ts";
export { developmentApp } from "./oauth/development-app.ts";
export type { Settings } from "./settings.ts";
