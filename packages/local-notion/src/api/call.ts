import type { Instance } from "../instance.ts";
import type { ApiVersion } from "./version.ts";
import type { View } from "./view.ts";

/** One authorized request to the API, parsed as far as HTTP goes. */
export interface Call {
  instance: Instance;
  view: View;
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  body: unknown;
  requestId: string;
  /** Set by an endpoint whose answer is not 200. */
  status?: number;
}

export type Capability =
  | "readContent"
  | "updateContent"
  | "insertContent"
  | "readComments"
  | "insertComments";

/** One endpoint: what the app must be capable of, and what answers. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  capability?: Capability;
  /** The version it came with; to those before it does not exist. */
  since?: ApiVersion;
  /** The body is a form with files. */
  takesForm?: true;
  /** False for the one endpoint whose answers carry no request id. */
  namesRequest?: false;
  answer(call: Call): object;
}
