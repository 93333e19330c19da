export { AppError, type AppErrorOptions } from "./app-error.ts";
export {
  firstString,
  readPath,
  readProviderError,
  type Api,
  type ProviderErrorInfo,
} from "./api.ts";
export { oauth2, type OAuth2, type ProviderData } from "./auth.ts";
export { defineConnector, type Connector } from "./connector.ts";
