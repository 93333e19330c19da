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
export {
  type Action,
  type ActionContext,
  defineAction,
  type Effect,
  type FileContent,
} from "./action.ts";
export {
  type ActionClient,
  type ClientRequest,
  ProviderError,
  type ProviderErrorFacts,
  type QueryValue,
} from "./action-client.ts";
export {
  type Choice,
  definePicker,
  defineShape,
  pick,
  type Picker,
  type PickerAsk,
  type Shape,
  shaped,
} from "./picker.ts";
export {
  ChangeFacts,
  changeOf,
  defineTrigger,
  type Trigger,
  type TriggerMatch,
} from "./trigger.ts";
export type { Difference, ObjectState, Observation, Watch, WatchedObject } from "./watch.ts";
export type { Told, Webhook } from "./webhook.ts";
