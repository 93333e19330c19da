import { randomUUID } from "node:crypto";
import type { Log, Sealer } from "@tenon/connections";
import { AppError, readPath } from "@tenon/connector";
import type { WebhookEndpointStore } from "./endpoint-store.ts";
import type { EndpointDirectory, InboundEndpoint } from "./endpoint-directory.ts";
import type { EventOutcome, InboundEventStore } from "./event-store.ts";
import { createHandshakes } from "./handshakes.ts";
import { type InboundErrorCode, inboundError } from "./inbound-error.ts";
import { RefusalCounts } from "./refusal-counts.ts";
import { isSigned } from "./signature.ts";

/** A request to a webhook's address. */
export interface InboundRequest {
  /** As it came: the signature is over these bytes. */
  body: Buffer;
  /** The first value of a header, by its name in lower case. */
  header(name: string): string | undefined;
}

/** What a request came to. */
export type InboxOutcome = EventOutcome | "repeated" | "refused" | "handshake";

export interface Inbox {
  /**
   * Takes in one request. Resolves when what it brought is durable; rejects with an `AppError` where
   * it is refused, and with the database's own error where that is away.
   */
  receive(integrationId: string, request: InboundRequest): Promise<InboxOutcome>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface InboxOptions {
  directory: EndpointDirectory;
  endpoints: WebhookEndpointStore;
  events: InboundEventStore;
  sealer: Sealer;
  log: Log;
  /** The JSON object of a body; undefined: it is none. */
  parseObject(body: Buffer): object | undefined;
  /** Told of the connections that were just routed to, after the commit. */
  onRouted(connectionIds: readonly string[]): void;
  /** Told of every request. */
  onOutcome(outcome: InboxOutcome): void;
}

/** A handshake is a token and little else: more is not looked into without a signature. */
const maxHandshakeBytes = 4_096;

/**
 * Creates what providers' webhooks come to.
 *
 * - An event is accepted only with the signature of the endpoint's active token over its raw bytes.
 * - Anybody can send a handshake: its token is kept for the developer to look at and does nothing by
 *   itself.
 * - Whoever has no signature costs no more than an HMAC, and the database one write a second.
 */
export function createInbox(options: InboxOptions): Inbox {
  const { directory, endpoints, events, log, parseObject, onRouted, onOutcome } = options;
  const refusals = new RefusalCounts(endpoints, log);
  const handshakes = createHandshakes(options);

  async function receive(
    endpoint: InboundEndpoint,
    request: InboundRequest,
  ): Promise<InboxOutcome> {
    const { token, webhook } = endpoint;
    const header = request.header(webhook.signature.header);
    const signed = token !== undefined && isSigned(webhook.signature, token, request.body, header);
    if (!signed && request.body.length > maxHandshakeBytes) throw notSigned(endpoint);
    const body = parseObject(request.body);
    if (body === undefined) {
      throw inboundError("invalid_request", "A webhook's body must be a JSON object.");
    }
    const isEvent = readPath(body, webhook.event.id) !== undefined;
    const offered = isEvent ? undefined : readPath(body, webhook.handshake.token);
    if (typeof offered === "string") {
      await handshakes.take(endpoint, offered);
      return "handshake";
    }
    if (!signed) throw notSigned(endpoint);
    return record(endpoint, body, request.body);
  }

  async function record(
    endpoint: InboundEndpoint,
    body: object,
    bytes: Buffer,
  ): Promise<InboxOutcome> {
    const { integrationId, projectId, routing } = endpoint;
    const recorded = await events.record({
      ...endpoint.readEvent(body),
      id: randomUUID(),
      integrationId,
      projectId,
      routing,
      body: bytes,
    });
    if (recorded.kind === "gone") {
      throw inboundError("not_found", `The integration "${integrationId}" was removed.`);
    }
    if (recorded.kind === "repeated") return "repeated";
    if (recorded.connectionIds.length > 0) onRouted(recorded.connectionIds);
    return recorded.outcome;
  }

  return {
    async receive(integrationId, request) {
      let endpoint: InboundEndpoint | undefined;
      try {
        endpoint = directory.peek(integrationId) ?? (await directory.get(integrationId));
        const outcome = await receive(endpoint, request);
        onOutcome(outcome);
        return outcome;
      } catch (error) {
        if (error instanceof AppError) {
          onOutcome("refused");
          if (endpoint) refusals.add(endpoint, error.message);
        }
        throw error;
      }
    },

    async close() {
      await events.close();
      await refusals.close();
    },
  };
}

function notSigned({ token, title, webhook }: InboundEndpoint): AppError<InboundErrorCode> {
  if (token === undefined) {
    return inboundError(
      "webhook_not_active",
      `This address accepts no events yet. Activate the ${title} integration's webhook with the token of its handshake.`,
    );
  }
  return inboundError(
    "webhook_signature_invalid",
    `The header ${webhook.signature.header} does not sign this body with the active token. ` +
      `If the subscription at ${title} was made anew, activate its new token.`,
  );
}
