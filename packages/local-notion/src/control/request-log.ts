import type { IncomingHttpHeaders } from "node:http";

export interface RequestEntry {
  requestId: string;
  time: string;
  method: string;
  path: string;
  query: string;
  /** Without what could be used to get in. */
  headers: IncomingHttpHeaders;
  /** Null until it is answered. */
  status: number | null;
  /** Which connection asked, once it is known. */
  connectionId: string | null;
}

const kept = 1_000;
const secret = new Set(["authorization", "cookie", "proxy-authorization"]);

/** The last requests to the API and to OAuth, for tests that count them. */
export class RequestLog {
  #entries: RequestEntry[] = [];

  add(entry: RequestEntry): void {
    const headers = { ...entry.headers };
    for (const name of Object.keys(headers)) if (secret.has(name)) headers[name] = "[hidden]";
    entry.headers = headers;
    this.#entries.push(entry);
    if (this.#entries.length > kept * 2) this.#entries = this.#entries.slice(-kept);
  }

  list(): RequestEntry[] {
    return this.#entries.slice(-kept);
  }

  clear(): void {
    this.#entries = [];
  }
}
