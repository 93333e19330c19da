export type { Database } from "./tables.ts";
export { migrations } from "./migrations/index.ts";
