export type { Change, Listener, NewDelivery, Start, StartPlanner } from "./change.ts";
export { outputOf } from "./change.ts";
