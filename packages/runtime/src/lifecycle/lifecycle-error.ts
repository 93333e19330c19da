import { AppError, type AppErrorOptions } from "@tenon/connector";

/** Every code that the lifecycle of workflows raises, with its HTTP status. Never 401 or 403. */
export const lifecycleErrorCodes = {
  invalid_request: 400,
  settings_invalid: 400,
  project_not_found: 404,
  integration_not_found: 404,
  connection_not_found: 404,
  configuration_not_found: 404,
  user_not_found: 404,
  workflow_not_found: 404,
  version_not_found: 404,
  step_not_found: 404,
  event_not_found: 404,
  secret_not_found: 404,
  run_not_found: 404,
  conflict: 409,
  connection_invalid: 409,
  integration_inactive: 409,
  workflow_not_deployed: 409,
  workflow_not_enabled: 409,
  workflow_not_permitted: 409,
  workflow_not_offered: 409,
  settings_missing: 409,
  event_in_use: 409,
  secret_in_use: 409,
  default_configuration: 409,
  payload_too_large: 413,
  workflow_invalid: 422,
} as const;
export type LifecycleErrorCode = keyof typeof lifecycleErrorCodes;

/** An error of the lifecycle, with the status its code has. */
export function lifecycleError(
  code: LifecycleErrorCode,
  message: string,
  options?: AppErrorOptions,
): AppError<LifecycleErrorCode> {
  return new AppError(code, lifecycleErrorCodes[code], message, options);
}
