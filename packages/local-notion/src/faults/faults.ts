import { NotionError } from "../notion-error.ts";
import { rateLimited } from "../limits/rate-limiter.ts";
import { array, object, union } from "../validate/composites.ts";
import { boolean, id, number, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import { createRandom, type Random } from "./random.ts";

const outcome = object({
  status: optional(number({ min: 400, max: 599, integer: true })),
  /** Seconds to wait, for 429, 503 and 529. */
  retryAfter: optional(number({ min: 0, integer: true })),
  /** Whether an error comes before the request did its work, or after. */
  when: optional(oneOf(["before_save", "after_save"])),
  /** Answer as the network in front of Notion does: HTML, no request id. */
  html: optional(boolean()),
  delayMs: optional(number({ min: 0, max: 600_000 })),
  /** Close the connection after so many bytes of the body. */
  cutAfterBytes: optional(number({ min: 0, integer: true })),
});

/** A rule over requests and what happens to those it strikes. */
export const faultRequest = object({
  method: optional(string()),
  /** A path, in which `*` stands for one part and `**` for any number. */
  path: optional(string()),
  /** Only requests with the tokens of this connection. */
  connectionId: optional(id()),
  /** The first matching request it strikes, counted from 1. */
  nth: optional(number({ min: 1, integer: true })),
  /** How many requests it strikes before it is used up; all when absent. */
  times: optional(number({ min: 1, integer: true })),
  probability: optional(number({ min: 0, max: 1 })),
  seed: optional(number({ integer: true })),
  // oxlint-disable-next-line unicorn/no-thenable -- a schema, which nobody awaits
  then: outcome,
});
export const faultRequests = union(array(faultRequest), faultRequest);

export type FaultRequest = Infer<typeof faultRequest>;
export type Outcome = Infer<typeof outcome>;

interface Fault {
  id: number;
  rule: FaultRequest;
  pattern: RegExp;
  random: Random;
  seen: number;
  struck: number;
}

export interface Target {
  method: string;
  path: string;
  connectionId: string | null;
}

/** The faults set over `/_local/faults`; the first one that strikes a request decides it. */
export class Faults {
  #faults: Fault[] = [];
  #lastId = 0;

  add(rule: FaultRequest): number {
    this.#lastId += 1;
    this.#faults.push({
      id: this.#lastId,
      rule,
      pattern: toPattern(rule.path ?? "/**"),
      random: createRandom(rule.seed ?? this.#lastId),
      seen: 0,
      struck: 0,
    });
    return this.#lastId;
  }

  list(): object[] {
    return this.#faults.map(({ id: faultId, rule, seen, struck }) => ({
      id: faultId,
      ...rule,
      seen,
      struck,
    }));
  }

  clear(): void {
    this.#faults = [];
  }

  strike(target: Target): Outcome | undefined {
    return this.#faults.find((fault) => strikes(fault, target))?.rule.then;
  }
}

function strikes(fault: Fault, target: Target): boolean {
  const { rule } = fault;
  if (!fault.pattern.test(target.path)) return false;
  if (rule.method !== undefined && rule.method.toUpperCase() !== target.method) return false;
  if (rule.connectionId !== undefined && rule.connectionId !== target.connectionId) return false;
  fault.seen += 1;
  if (fault.seen < (rule.nth ?? 1)) return false;
  // A rule for the nth request alone means that one.
  const times = rule.times ?? (rule.nth === undefined ? Infinity : 1);
  if (fault.struck >= times) return false;
  if (fault.random() >= (rule.probability ?? 1)) return false;
  fault.struck += 1;
  return true;
}

function toPattern(path: string): RegExp {
  const parts = path.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^/]+" : part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** The error of an outcome as Notion would word it. */
export function toError(fault: Outcome, committedId?: string): NotionError {
  const status = fault.status ?? 500;
  const seconds = fault.retryAfter ?? 1;
  const headers = { "retry-after": String(seconds) };
  switch (status) {
    case 409:
      return new NotionError(
        [409, "conflict_error"],
        "Conflict occurred while saving. Please try again.",
      );
    case 429:
      return rateLimited(seconds);
    case 502:
      return new NotionError([502, "bad_gateway"], "Bad gateway.");
    case 503:
      return new NotionError(
        [503, "service_unavailable"],
        "Notion is unavailable. Please try again later.",
        {
          ...(fault.retryAfter === undefined ? {} : { headers }),
          ...(committedId === undefined
            ? {}
            : { additionalData: { committed_resource_id: committedId } }),
        },
      );
    case 504:
      return new NotionError([504, "gateway_timeout"], "Gateway timeout.");
    case 529:
      return new NotionError(
        [529, "service_overload"],
        "Notion is overloaded. Please try again later.",
        { headers },
      );
    default:
      return new NotionError([status, "internal_server_error"], "Unexpected error occurred.");
  }
}
