export type {
  Attempt,
  DoneStep,
  NewRun,
  Part,
  Reply,
  RunContext,
  RunError,
  RunStatus,
  StepRecord,
  StepRunStatus,
  TriggerType,
} from "./run.ts";
export {
  type ClaimCursor,
  type ClaimedRun,
  type Control,
  type CreatedRun,
  type JournalEntry,
  type Limits,
  RunLost,
  type RunEnd,
  type RunStore,
} from "./engine/run-store.ts";
export type { Engine, ReplyOutcome } from "./engine/engine.ts";
export { StepFailure, type StepFailureCode, stepFailureCodes } from "./step-failure.ts";
export type { StepContext, StepExecutor, StepRunOwner } from "./step-executor.ts";
export type {
  RunControls,
  RunDetail,
  RunFilter,
  RunHistory,
  RunPage,
  RunSummary,
  StepSummary,
} from "./history.ts";
export { createEngine, type EngineOptions, type EngineTiming } from "./engine/create-engine.ts";
export type { StepExecutors } from "./engine/execution.ts";
export {
  type LifecycleErrorCode,
  lifecycleError,
  lifecycleErrorCodes,
} from "./lifecycle/lifecycle-error.ts";
export { SettingInput, SettingInputs, type SettingType } from "./lifecycle/user-setting.ts";
export {
  type Draft,
  DraftDefinition,
  NewWorkflow,
  type Version,
  type VersionDetail,
  VersionFilter,
  type VersionKind,
  versionKinds,
  type Workflow,
  WorkflowChange,
} from "./lifecycle/workflow.ts";
export type { ExportFormat, Imported, Lacks, Workflows } from "./lifecycle/workflows.ts";
export {
  type AppEvent,
  AppEventChange,
  type AppEvents,
  NewAppEvent,
} from "./lifecycle/app-event.ts";
export {
  type EnvironmentSecret,
  type EnvironmentSecrets,
  SecretName,
  SecretValue,
} from "./lifecycle/environment-secret.ts";
export {
  type ConfigurationSelector,
  type Enrollments,
  type OfferedWorkflow,
  type OfferedWorkflows,
  type SettingsChange,
  WorkflowState,
  type WorkflowUser,
} from "./lifecycle/enrollments.ts";
export type {
  ConnectionEvent,
  ReplayOptions,
  SentEvent,
  StartedRun,
  Starts,
  StepTest,
  TestAccount,
  TriggerSource,
  WaitingWorkflow,
  WorkflowCall,
  WorkflowTest,
} from "./lifecycle/starts.ts";
export type { Lifecycle, LifecycleOptions } from "./lifecycle/lifecycle.ts";
export { createPlanSource, type PlanSource } from "./lifecycle/plan-source.ts";
export { createEnvironmentSecrets } from "./lifecycle/create-environment-secrets.ts";
export { createLifecycle } from "./lifecycle/create-lifecycle.ts";
export { uuidOf } from "./lifecycle/run-id.ts";
export { stateOf } from "./lifecycle/workflow-states.ts";
export type { KnownSchedules } from "./lifecycle/schedule-of.ts";
export { schedulesOf, type PlannedSchedule } from "./lifecycle/schedules-of.ts";
export type { AppEventStore } from "./lifecycle/app-event-store.ts";
export type { SecretStore } from "./lifecycle/secret-store.ts";
export type {
  DirectoryStore,
  DirectoryWorkflow,
  ProjectWorkflows,
} from "./lifecycle/directory-store.ts";
export type {
  ConfigurationTarget,
  DeployedWorkflow,
  Enrollee,
  EnrollmentStore,
  LockedConfiguration,
} from "./lifecycle/enrollment-store.ts";
export type { DueSchedule, ScheduleOutcome, ScheduleStore } from "./lifecycle/schedule-store.ts";
export type {
  ProjectNames,
  Refused,
  WorkflowIntegration,
  WorkflowSeed,
  WorkflowStore,
} from "./lifecycle/workflow-store.ts";
export type { LifecycleStores } from "./lifecycle/stores.ts";
export { createGuardedHttp } from "./http/create-guarded-http.ts";
export { createAddressGuard } from "./http/address-guard.ts";
export {
  createGuardedDispatcher,
  type ResolveHost,
  TargetRefused,
} from "./http/guarded-dispatcher.ts";
export { createRedactor } from "./engine/redact.ts";
export { createActionClient } from "./steps/action-client.ts";
export { createActionExecutor } from "./steps/action.ts";
export { createIntegrationRequestExecutor } from "./steps/integration-request.ts";
export { createRequestExecutor } from "./steps/request.ts";
export { createResponseExecutor } from "./steps/response.ts";
export { createFunctionExecutor } from "./function/function-executor.ts";
export { createFunctionRunner } from "./function/function-runner.ts";
