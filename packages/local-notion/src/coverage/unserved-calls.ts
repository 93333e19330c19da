import type { ClientCall } from "./client-call.ts";
import { always, unserved } from "./expectations.ts";

/** Not taken for the id of anything: what it is sent to is not served. */
const agent = { agent_id: "33333333-3333-3333-3333-333333333333" } as const;
const session = { session_id: "44444444-4444-4444-8444-444444444444" } as const;
const expected = always(unserved);

/** Notion's agents and meeting notes. */
export const unservedCalls: readonly ClientCall[] = [
  {
    method: "blocks.meetingNotes.create",
    endpoint: "POST blocks/meeting_notes",
    expected,
    call: async (client, { block }) =>
      client.blocks.meetingNotes.create({ source: { type: "block", block_id: await block() } }),
  },
  {
    method: "blocks.meetingNotes.query",
    endpoint: "POST blocks/meeting_notes/query",
    expected,
    call: (client) => client.blocks.meetingNotes.query({}),
  },
  {
    method: "agents.retrieve",
    endpoint: "GET agents/{}",
    expected,
    call: (client) => client.agents.retrieve(agent),
  },
  {
    method: "agents.query",
    endpoint: "POST agents/query",
    expected,
    call: (client) => client.agents.query({}),
  },
  {
    method: "agents.retrieveInsights",
    endpoint: "GET agents/{}/insights",
    expected,
    call: (client) => client.agents.retrieveInsights(agent),
  },
  {
    method: "agents.updateCreditLimit",
    endpoint: "PATCH agents/{}/credit_limit",
    expected,
    call: (client) => client.agents.updateCreditLimit({ ...agent, credit_limit: null }),
  },
  {
    method: "agents.updateStatus",
    endpoint: "PATCH agents/{}/status",
    expected,
    call: (client) => client.agents.updateStatus({ ...agent, status: "disabled" }),
  },
  {
    method: "agents.delete",
    endpoint: "DELETE agents/{}",
    expected,
    call: (client) => client.agents.delete(agent),
  },
  {
    method: "agents.batch",
    endpoint: "POST agents/batch",
    expected,
    call: (client) => client.agents.batch({ operations: [] }),
  },
  {
    method: "sessions.retrieve",
    endpoint: "GET sessions/{}",
    expected,
    call: (client) => client.sessions.retrieve(session),
  },
  {
    method: "sessions.update",
    endpoint: "POST sessions",
    expected,
    call: (client) => client.sessions.update({ message: "Hello" }),
  },
  {
    method: "sessions.stream",
    endpoint: "POST sessions",
    expected,
    call: async (client) => {
      const stream = client.sessions.stream({ message: "Hello" });
      return stream[Symbol.asyncIterator]().next();
    },
  },
  {
    method: "sessions.cancel",
    endpoint: "POST sessions/{}/cancel",
    expected,
    call: (client) => client.sessions.cancel(session),
  },
  {
    method: "sessions.query",
    endpoint: "POST sessions/query",
    expected,
    call: (client) => client.sessions.query({}),
  },
  {
    method: "sessions.queryEvents",
    endpoint: "POST sessions/{}/events/query",
    expected,
    call: (client) => client.sessions.queryEvents(session),
  },
];
