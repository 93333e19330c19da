import { readPath, type Told, type Webhook } from "@tenon/connector";
import * as z from "zod";
import { inboundError } from "./inbound-error.ts";

/** What is read of one of a provider's events. */
export interface InboundEvent {
  providerEventId: string;
  type: string;
  occurredAt: Date;
  /** The account it is of, as the provider names it. */
  account: string | number | undefined;
  /** Who may see the object; undefined: everybody of the account. */
  viewers: readonly string[] | undefined;
  /** The provider's ids of who made the change. */
  authors: readonly string[];
  /** Undefined: nothing that a trigger needs. */
  told: Told | undefined;
}

/** A text that PostgreSQL can keep. */
const Text = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.includes("\0"), "has a NUL character");

const People = z.array(z.object({ id: Text })).transform((all) => all.map(({ id }) => id));

const Facts = z.object({
  id: Text,
  type: Text,
  time: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  authors: People.default([]),
  account: z.union([Text, z.number()]).optional(),
  audience: People.optional(),
});

const ToldFacts = z.object({
  object: Text,
  id: Text,
  changes: z.array(Text),
  details: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Makes what reads a provider's events by their description. It throws `invalid_request` that names
 * the paths where an event is not as described.
 *
 * @param onUnreadable told of an event whose object the connector could not read. It is written down
 *   all the same: sending it again would not help, and polls find what it told of.
 */
export function createReadEvent(
  { event, route, read }: Webhook,
  onUnreadable: (type: string, error: unknown) => void,
): (body: object) => InboundEvent {
  const paths: Record<keyof z.input<typeof Facts>, string> = {
    id: event.id,
    type: event.type,
    time: event.time,
    authors: event.authors,
    account: route.account.path,
    audience: route.audience.path,
  };
  const entries = Object.entries(paths);

  function readTold(body: object, type: string): Told | undefined {
    try {
      const told = read(body);
      return told && ToldFacts.parse(told);
    } catch (error) {
      onUnreadable(type, error);
      return undefined;
    }
  }

  return (body) => {
    const found = Object.fromEntries(entries.map(([name, path]) => [name, readPath(body, path)]));
    const facts = parseFacts(found, paths);
    return {
      providerEventId: facts.id,
      type: facts.type,
      occurredAt: facts.time,
      account: facts.account,
      viewers: facts.audience,
      authors: facts.authors,
      told: readTold(body, facts.type),
    };
  };
}

function parseFacts(value: unknown, paths: Readonly<Record<string, string>>) {
  const parsed = Facts.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map(({ path: [first, ...rest], message }) => {
    const name = String(first);
    return `${[paths[name] ?? name, ...rest].join(".")}: ${message}`;
  });
  throw inboundError("invalid_request", `This is no event that is known: ${faults.join("; ")}.`);
}
