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
export * as management from "./management.ts";
export { toOpenApi } from "./openapi.ts";
export * as wire from "./wire.ts";
