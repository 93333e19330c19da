import type { Instance } from "../instance.ts";

export interface ControlCall {
  instance: Instance;
  params: Record<string, string>;
  body: unknown;
  search: URLSearchParams;
}

/** One endpoint under `/_local`. */
export interface ControlRoute {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  answer(call: ControlCall): unknown;
}
