import { type ActionClient, type Choice, type Connector, ProviderError } from "@tenon/connector";
import type { ErrorCode } from "@tenon/contract";
import { StepFailure } from "@tenon/runtime";
import { httpError } from "../http/errors.ts";
import { toJsonSchema } from "../to-json-schema.ts";

/** Which account of which provider is asked. */
export interface Account {
  connector: Connector;
  connectionId: string;
}

export interface ChoicesAsk {
  picker: string;
  search: string;
  cursor: string | undefined;
  /** Values of the fields that the picker needs. */
  input: Record<string, unknown>;
}

/** What forms ask of a connected account. Throws what a form can show; never an empty list instead. */
export interface AccountFields {
  choices(
    account: Account,
    ask: ChoicesAsk,
  ): Promise<{ choices: Choice[]; nextCursor: string | undefined }>;
  /** JSON Schema of fields that only the account knows. */
  shape(
    account: Account,
    ask: { shape: string; input: Record<string, unknown> },
  ): Promise<Record<string, unknown>>;
}

/** Makes the client of one connection. */
export type OpenClient = (account: Account & { signal: AbortSignal }) => ActionClient;

/** A form does not wait longer. */
const patienceMs = 30_000;

export function createAccountFields(openClient: OpenClient): AccountFields {
  const open = (account: Account) =>
    openClient({ ...account, signal: AbortSignal.timeout(patienceMs) });
  return {
    async choices(account, { picker: id, ...ask }) {
      const { connector } = account;
      const picker = requireOne(connector, connector.pickers, { id, kind: "picker" });
      requireInput(picker.needs ?? [], ask.input);
      const client = open(account);
      return asking(account, () => picker.load({ ...ask, client }));
    },

    async shape(account, { shape: id, input }) {
      const { connector } = account;
      const shape = requireOne(connector, connector.shapes, { id, kind: "shape" });
      requireInput(shape.needs, input);
      const client = open(account);
      const schema = await asking(account, () => shape.read({ client, input }));
      return toJsonSchema(schema, "input");
    },
  };
}

function requireOne<T extends { id: string }>(
  connector: Connector,
  all: readonly T[],
  { id, kind }: { id: string; kind: string },
): T {
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const known = all.map((one) => one.id).join(", ") || "none";
  throw httpError(
    "picker_not_found",
    `${connector.title} has no ${kind} "${id}". It has: ${known}.`,
  );
}

function requireInput(needs: readonly string[], input: Record<string, unknown>): void {
  const missing = needs.filter((name) => input[name] === undefined || input[name] === "");
  if (missing.length === 0) return;
  throw httpError("invalid_request", `Choose ${missing.join(" and ")} first.`, {
    details: { missing },
  });
}

async function asking<T>({ connector }: Account, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderError) throw fromProvider(connector, error);
    if (error instanceof StepFailure) throw fromFailure(error);
    throw error;
  }
}

function fromProvider({ title }: Connector, error: ProviderError): Error {
  const { status, code, requestId, retryAfterMs } = error;
  const details = { providerStatus: status, providerCode: code, providerRequestId: requestId };
  const busy = status === 429 || status === 529;
  const named = busy ? "rate_limited" : status >= 500 ? "provider_unavailable" : "provider_refused";
  return httpError(named, `${title}: ${error.message}`, {
    details,
    cause: error,
    ...(busy && { retryAfter: (retryAfterMs ?? 1000) / 1000 }),
  });
}

function fromFailure(failure: StepFailure): Error {
  const { message, retryAfterMs } = failure;
  return httpError(failureCodes[failure.code] ?? "internal_error", message, {
    cause: failure,
    ...(retryAfterMs !== undefined && { retryAfter: retryAfterMs / 1000 }),
  });
}

const failureCodes: Partial<Record<StepFailure["code"], ErrorCode>> = {
  invalid_input: "invalid_request",
  provider_refused: "provider_refused",
  provider_unavailable: "provider_unavailable",
  provider_timeout: "provider_timeout",
  rate_limited: "rate_limited",
  connection_invalid: "connection_invalid",
  connection_not_found: "connection_not_found",
  target_refused: "proxy_target_refused",
  response_too_large: "provider_unavailable",
};
