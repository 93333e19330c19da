import { Condition, Definition } from "@tenon/workflow";
import * as z from "zod";

/** The form of a finished workflow: what the builder makes and what runs. */
export const WorkflowDefinition = Definition.meta({ id: "WorkflowDefinition" });
z.globalRegistry.add(Condition, { id: "Condition" });

/** A draft's or version's trigger and steps. */
export const DraftDefinition = z.record(z.string(), z.unknown()).meta({
  id: "DraftDefinition",
  description:
    "Trigger and steps. Finished, it has the form `WorkflowDefinition`; a draft may lack anything, and its " +
    "problems tell what.",
  anyOf: [{ $ref: "#/components/schemas/WorkflowDefinitionInput" }, { type: "object" }],
});

export const Problem = z
  .object({
    code: z.string().meta({ description: "Stable, such as `unknown_reference`." }),
    stepId: z.string().nullable().meta({ description: "The trigger's or a step's id." }),
    field: z.string().meta({ description: "JSON pointer inside the step; empty for all of it." }),
    message: z.string(),
    severity: z.enum(["error", "warning"]),
  })
  .meta({ id: "Problem" });

/** What a connected user fills in; `SerializedConnectInput` of the SDK. */
export const SettingInput = z
  .looseObject({
    id: z.string().meta({ description: "What references name it by: `{{settings.<id>}}`." }),
    title: z.string(),
    type: z.string().meta({
      description:
        "TEXT_NO_VARS, TEXTAREA_NO_VARS, NUMBER, EMAIL, URL, PASSWORD, BOOLEAN_INPUT, SWITCH, FILE, ENUM, " +
        "DYNAMIC_ENUM, COMBO_INPUT, DYNAMIC_COMBO_INPUT, FIELD_MAPPER, CUSTOM_DROPDOWN, COPYABLE_BUTTON_INPUT " +
        "or PERMISSION.",
    }),
    required: z.boolean().optional(),
    tooltip: z.string().optional(),
    placeholder: z.string().optional(),
    values: z
      .array(z.object({ label: z.string(), value: z.unknown() }))
      .optional()
      .meta({ description: "The choices of an ENUM." }),
    sourceType: z.string().optional().meta({ description: "The picker that choices come from." }),
  })
  .meta({ id: "UserSetting" });

export const Workflow = z
  .object({
    id: z.uuid(),
    integrationId: z.uuid(),
    integration: z.string().meta({ description: "Such as `notion`." }),
    title: z.string(),
    description: z.string(),
    infoText: z.string().nullable().meta({ description: "Shown to connected users." }),
    order: z.int(),
    userSettings: z.array(SettingInput),
    defaultEnabled: z.boolean(),
    hidden: z.boolean(),
    permissions: Condition.nullable().meta({
      description: "Of the user's metadata; who does not fulfil it cannot enable or run it.",
    }),
    draftRevision: z.int(),
    deployed: z
      .object({ versionId: z.uuid(), number: z.int(), dateCreated: z.iso.datetime() })
      .nullable()
      .meta({ description: "The version that runs are started with." }),
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "Workflow" });
export type Workflow = z.output<typeof Workflow>;

export const Draft = z
  .object({
    workflowId: z.uuid(),
    revision: z.int().meta({ description: "Rises with each change; saving names it." }),
    definition: DraftDefinition,
    problems: z.array(Problem),
  })
  .meta({ id: "Draft" });

export const Version = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid(),
    number: z
      .int()
      .nullable()
      .meta({ description: "Null for the snapshot of a draft that was tested." }),
    kind: z.enum(["deployed", "saved", "automatic", "restored", "test"]),
    name: z.string().nullable(),
    isDeployed: z.boolean(),
    dateCreated: z.iso.datetime(),
  })
  .meta({ id: "WorkflowVersion" });

export const Imported = z
  .object({
    workflow: Workflow,
    lacks: z
      .object({
        events: z.array(z.string()),
        secrets: z.array(z.string()),
        integrationSettings: z.array(z.string()),
        integration: z.string().nullable(),
      })
      .meta({ description: "What the workflow names and the project does not have." }),
    warnings: z.array(z.string()).meta({ description: "What could not be taken over as it was." }),
  })
  .meta({ id: "ImportedWorkflow" });
