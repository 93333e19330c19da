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
  /** Replaces everything, of which nobody is told as of changes. */
  startsOver?: true;
  answer(call: ControlCall): unknown;
}

/** What is answered when work that has to be waited for is done; the changes are saved before. */
export class Later {
  readonly finish: () => Promise<unknown>;

  constructor(finish: () => Promise<unknown>) {
    this.finish = finish;
  }
}
