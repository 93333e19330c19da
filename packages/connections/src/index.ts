export { ChangeCache } from "./change-cache.ts";
export type { Change, ChangeFeed } from "./change-feed.ts";
export type { ConnectionErrorCode, Credential, CredentialSource } from "./credentials.ts";
export type { Log } from "./log.ts";

export { createKeyRingText, type KeyRing, parseKeyRing, type RingKey } from "./sealing/key-ring.ts";
export { SealingError } from "./sealing/envelope.ts";
export {
  createSealer,
  type DataKeyStore,
  type ProjectSealer,
  type Sealer,
  type SealPlace,
} from "./sealing/sealer.ts";
export { type Resealed, resealDataKeys } from "./sealing/reseal-data-keys.ts";

export {
  type AppCredentials,
  type AppCredentialsErrorCode,
  type AppCredentialsSource,
  type AppReference,
  clientSecretPlace,
  createAppCredentialsSource,
  type DevelopmentKeys,
  type IntegrationKeys,
  type IntegrationKeysReader,
  type OAuthApp,
} from "./app-credentials.ts";

export {
  type Configuration,
  type ConfigurationChange,
  type Connection,
  type ConnectionStore,
  ProviderData,
  type RemovedConnection,
  Settings,
  type UserScope,
} from "./connection.ts";
export { type SelectableConnection, selectConnection } from "./select-connection.ts";
export {
  type ConnectionResolver,
  createConnectionResolver,
  type ResolvedConnection,
} from "./connection-resolver.ts";
export { createDisconnect, type Disconnect, type Disconnected } from "./disconnect.ts";

export type {
  Authorization,
  AuthorizationStore,
  ExistingConnection,
  NewAuthorization,
  Placement,
} from "./connect/authorization.ts";
export {
  AuthorizationErrorCode,
  AuthorizationFailure,
  authorizationFailures,
} from "./connect/authorization-failure.ts";
export { InstallOptions } from "./connect/install-options.ts";
export type { AuthorizationOutcome } from "./connect/authorization-outcome.ts";
export type { AuthorizationCallback } from "./connect/complete-authorization.ts";
export { type ConnectFlow, createConnectFlow } from "./connect/connect-flow.ts";
export type {
  CompleteInstall,
  ConnectErrorCode,
  StartAuthorization,
} from "./connect/start-authorization.ts";

export {
  createCredentialSource,
  type ManagedCredentialSource,
} from "./tokens/credential-source.ts";
export type { RenewalTiming } from "./tokens/renewal-context.ts";
export type {
  LeaseAnswer,
  RenewalLease,
  RenewedTokens,
  StoredTokens,
  TokenStore,
} from "./tokens/token-store.ts";

export { createLimiter, type LimiterOptions } from "./limiter/create-limiter.ts";
export type { Limiter, PermitAsk, Priority, RateLimit, Wait } from "./limiter/limiter.ts";
export type { Lease, LeaseAsk, RateStore } from "./limiter/rate-store.ts";

export { createProxy, type Proxy, type ProxyOptions } from "./proxy/create-proxy.ts";
export type { ProxyCall, ProxyTimeouts } from "./proxy/proxy-call.ts";

export type { ProviderClientErrorCode } from "./client/client-error.ts";
export {
  createProviderClient,
  type ProviderClient,
  type ProviderClientOptions,
  type ProviderRequest,
} from "./client/create-provider-client.ts";
export { appendQuery } from "./client/append-query.ts";
export { encodeBody } from "./client/encode-body.ts";
export { acceptedCodings } from "./client/client-headers.ts";
export {
  ExchangeFailure,
  exchangeWhole,
  type WholeAnswer,
  type WholeTimeouts,
} from "./client/whole-exchange.ts";
export { readRetryAfterMs } from "./retry-after.ts";
export { isRedirect } from "./proxy/target.ts";
