import * as z from "zod";

/**
 * Every code an answer of Tenon can carry, with its HTTP status and meaning. Closed: a new code is
 * added here first. Provider errors that the proxy passes on keep the provider's own body.
 *
 * 401 and 403 mean "bad user token or API key" and nothing else, because the Paragon SDK logs its
 * user out on them.
 */
export const errorCodes = {
  invalid_request: [400, "The request does not have the documented form."],
  user_token_missing: [401, "No user token was sent as `Authorization: Bearer`."],
  user_token_invalid: [401, "The user token is not signed by an active key of this project."],
  user_token_expired: [401, "The user token has expired."],
  api_key_invalid: [401, "The API key is missing, unknown, revoked or of another project."],
  project_not_found: [404, "No project has this Project ID."],
  signing_key_not_found: [404, "The project has no such signing key."],
  integration_not_found: [404, "The project has no such integration."],
  integration_inactive: [409, "The integration is switched off in this project."],
  app_credentials_missing: [409, "The integration has no Client ID and no development keys serve."],
  connection_not_found: [404, "This user has no such connection."],
  connection_invalid: [409, "The provider no longer accepts this connection; reconnect it."],
  authorization_failed: [400, "The provider sign-in did not lead to a connection."],
  configuration_not_found: [404, "The connection has no such configuration."],
  default_configuration: [409, "A connection's default configuration cannot be deleted."],
  user_not_found: [404, "The project has no such connected user."],
  workflow_not_found: [404, "The project has no such workflow."],
  workflow_invalid: [422, "The workflow has problems that keep it from being deployed or run."],
  workflow_not_deployed: [409, "The workflow is not deployed."],
  workflow_not_offered: [409, "The workflow starts by itself, so that nobody enables it."],
  workflow_not_enabled: [409, "The workflow is not enabled for this user."],
  workflow_not_permitted: [409, "The user's metadata does not permit this workflow."],
  workflow_timeout: [542, "The run goes on, but its answer did not come in time."],
  version_not_found: [404, "The workflow has no such version."],
  step_not_found: [404, "There is no such step."],
  settings_missing: [409, "Required settings of the user are not filled in."],
  settings_invalid: [400, "Settings have values that their inputs do not take."],
  event_not_found: [404, "The project has no app event of this name."],
  event_in_use: [409, "Deployed workflows start with this app event."],
  secret_not_found: [404, "The project has no such environment secret."],
  secret_in_use: [409, "Deployed workflows use this environment secret."],
  run_not_found: [404, "The project has no such run."],
  run_failed: [422, "The run ended before its Response step; `meta.runId` names it."],
  run_finished: [409, "The run is over."],
  picker_not_found: [404, "The connector has no such picker or shape."],
  action_not_found: [404, "There is no such action."],
  action_failed: [422, "The action failed; `meta.code` tells why."],
  origin_not_allowed: [400, "The page's origin is not among the project's allowed origins."],
  proxy_request_invalid: [400, "The proxied request cannot be forwarded as it is."],
  proxy_target_refused: [400, "The target is not on the provider's own host."],
  method_not_allowed: [405, "The method cannot be used here."],
  webhook_not_active: [409, "The webhook is not active: no event is accepted."],
  webhook_signature_invalid: [400, "The body is not signed with the webhook's active token."],
  webhook_handshake_not_found: [404, "No pending handshake brought this token."],
  webhook_handshakes_too_many: [429, "More handshakes came than anybody needs."],
  webhook_event_not_found: [404, "The project has no such webhook event."],
  trigger_not_found: [404, "The integration has no such trigger."],
  subscription_not_found: [404, "There is no such subscription."],
  subscription_disabled: [409, "The subscription is disabled: nothing is sent."],
  delivery_not_found: [404, "The subscription has no such delivery."],
  rate_limited: [429, "The provider's rate limit for this connection is used up."],
  provider_unavailable: [502, "The provider could not be reached or broke off."],
  provider_refused: [502, "The provider refused what Tenon asked on its own account."],
  provider_timeout: [504, "The provider did not answer in time."],
  upload_not_repeatable: [503, "The body was streamed once and must be sent again."],
  conflict: [409, "The thing already exists or was changed meanwhile."],
  not_found: [404, "Nothing is served at this address."],
  payload_too_large: [413, "The body is larger than this endpoint accepts."],
  service_unavailable: [503, "Tenon cannot reach its database; try again shortly."],
  internal_error: [500, "A fault of Tenon's own; the log has it under the request id."],
} as const satisfies Record<string, readonly [status: number, meaning: string]>;

/** The closed union of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** The body of every error answer of Tenon's own. */
export const ErrorBody = z.object({
  message: z.string().meta({ description: "What happened, to what, and what to do next." }),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  status: z.int().meta({ description: "The HTTP status, repeated." }),
  meta: z.looseObject({ requestId: z.string() }),
});
export type ErrorBody = z.output<typeof ErrorBody>;
