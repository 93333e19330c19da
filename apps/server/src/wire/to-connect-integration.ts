import type { Connector } from "@tenon/connector";
import { type EndpointOutput, management, type wire } from "@tenon/contract";
import type { Integration } from "@tenon/postgres";
import type { OfferedWorkflow, OfferedWorkflows } from "@tenon/runtime";
import { toPermissions } from "./to-permissions.ts";

type ConnectIntegration = EndpointOutput<typeof wire.getIntegrations>[number];

interface Facts {
  integration: Integration;
  connector: Connector;
  hasCredential: boolean;
  offered: OfferedWorkflows;
}

/** An integration as the SDK and the portal show it. */
export function toConnectIntegration(facts: Facts): ConnectIntegration {
  const { integration, connector, offered } = facts;
  const dates = datesOf(integration);
  return {
    id: integration.id,
    ...dates,
    projectId: integration.projectId,
    type: integration.connectorId,
    name: connector.title,
    brandColor: connector.brandColor,
    isActive: integration.isActive,
    authenticationType: "oauth",
    needPreOauthInputs: false,
    hasCredential: facts.hasCredential,
    connectedUserLimitOnDevCred: 0,
    connectedUserLimitReached: false,
    configs: [
      {
        // An integration has one portal configuration, so its own id names it.
        id: integration.id,
        ...dates,
        integrationId: integration.id,
        values: toModalConfig(facts),
      },
    ],
    workflows: offered.workflows.map((one) => toWorkflow(one, integration.projectId)),
    noPermissionWorkflows: offered.notPermitted.map(({ id }) => id),
    sdkIntegrationConfig: {
      oauthInputs: [],
      accountTypes: [],
      authConfigInputs: [],
      postOauthInputs: [],
      dataSources: Object.fromEntries(
        connector.pickers.map((picker) => [picker.id, toDataSource(picker)]),
      ),
    },
  };
}

function toModalConfig({ integration, connector, offered }: Facts) {
  const portal = management.PortalTexts.parse(integration.portal);
  const workflows = [...offered.workflows, ...offered.notPermitted];
  return {
    accentColor: portal.accentColor ?? connector.brandColor,
    description: portal.description ?? connector.description,
    ...(portal.overview !== undefined && { overview: portal.overview }),
    workflowMeta: Object.fromEntries(workflows.map((one) => [one.id, toWorkflowMeta(one)])),
    sharedMeta: { inputs: offered.inputs },
  };
}

/** A workflow's "description" is its title there, and "infoText" what is said of it. */
function toWorkflowMeta(workflow: OfferedWorkflow) {
  const infoText = workflow.infoText ?? workflow.description;
  return {
    id: workflow.id,
    description: workflow.title,
    ...(infoText !== "" && { infoText }),
    defaultEnabled: workflow.defaultEnabled,
    hidden: workflow.hidden,
    order: workflow.order,
    inputs: workflow.inputs,
    ...(workflow.permissions && { permissions: toPermissions(workflow.permissions) }),
  };
}

function toWorkflow(workflow: OfferedWorkflow, projectId: string) {
  return {
    id: workflow.id,
    ...datesOf(workflow),
    description: workflow.title,
    projectId,
    integrationId: workflow.integrationId,
    isOnboardingWorkflow: false,
    steps: [],
  };
}

/** A picker, for `getFieldOptions`: inputs name it as their `sourceType`. */
function toDataSource({ id, title, needs }: Connector["pickers"][number]) {
  return {
    type: "DYNAMIC_DATA_SOURCE",
    title,
    cacheKey: id,
    supportPagination: true,
    refreshDependencies: [...(needs ?? [])],
  };
}

function datesOf({ createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) {
  return { dateCreated: createdAt.toISOString(), dateUpdated: updatedAt.toISOString() };
}
