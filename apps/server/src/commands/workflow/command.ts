import type { ApiClient } from "./api-client.ts";

/** Options of all commands; each command's usage tells which it looks at. */
export interface CommandOptions {
  json: boolean;
  integration?: string | undefined;
  format?: string | undefined;
  version?: string | undefined;
  out?: string | undefined;
  name?: string | undefined;
  user?: string | undefined;
  input?: string | undefined;
  file?: string | undefined;
  data?: string | undefined;
  test: boolean;
  follow: boolean;
  workflow?: string | undefined;
  status?: string | undefined;
  limit?: string | undefined;
  from?: string | undefined;
  newest: boolean;
}

export interface CommandInput {
  /** The workflow, run or file that the command was called with; throws where there is none. */
  target(what?: string): string;
  options: CommandOptions;
}

/** Does one `tenon workflow` command; answers what the process ends with, 0 where nothing is said. */
export type Command = (client: ApiClient, input: CommandInput) => Promise<number | void>;
