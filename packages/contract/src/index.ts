export {
  defineEndpoint,
  type Endpoint,
  type EndpointAuth,
  type EndpointInput,
  type EndpointOutput,
  type HttpMethod,
} from "./endpoint.ts";
export { ErrorBody, errorCodes, type ErrorCode } from "./error-codes.ts";
export { jsonText } from "./json-text.ts";
export * as appData from "./app-data.ts";
export * as catalogue from "./catalogue.ts";
export * as connectedUsers from "./connected-users.ts";
export * as management from "./management.ts";
export { toOpenApi } from "./openapi.ts";
export * as runs from "./runs.ts";
export * as starts from "./starts.ts";
export * as subscriptions from "./subscriptions.ts";
export * as taskHistory from "./task-history.ts";
export * as webhooks from "./webhooks.ts";
export * as wire from "./wire.ts";
export * as wireTriggers from "./wire-triggers.ts";
export * as wireTools from "./wire-tools.ts";
export * as wireWorkflows from "./wire-workflows.ts";
export * as workflowSchemas from "./workflow-schemas.ts";
export * as workflows from "./workflows.ts";
