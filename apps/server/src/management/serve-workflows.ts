import { workflows as api } from "@tenon/contract";
import type { IntegrationStore, ProjectStore } from "@tenon/postgres";
import { WorkflowChange, type Workflows } from "@tenon/runtime";
import { parse } from "../http/serve-endpoint.ts";
import { toDraft, toImported, toVersion, toWorkflow } from "./present-workflow.ts";
import { integrationIdOf, requireIntegrationId } from "./integration-id.ts";
import { findProject, type ServeInProject } from "./with-api-key.ts";

interface Services {
  workflows: Workflows;
  integrations: IntegrationStore;
  projects: ProjectStore;
}

/** Serves workflows as the developer makes them: drafts, versions, deploying, moving about. */
export function serveWorkflows(serve: ServeInProject, services: Services): void {
  serveTexts(serve, services);
  serveDrafts(serve, services);
  serveVersions(serve, services);
  serveCopies(serve, services);
  serveIntegrationSettings(serve, services);
}

function serveTexts(serve: ServeInProject, { workflows, integrations }: Services): void {
  serve(api.listWorkflows, async ({ query }, { id }) => {
    const integrationId = await integrationIdOf(integrations, id, query.integration);
    return { workflows: (await workflows.list(id, { integrationId })).map(toWorkflow) };
  });

  serve(api.createWorkflow, async ({ body: { integration, ...workflow } }, { id }) =>
    toWorkflow(
      await workflows.create(
        id,
        await requireIntegrationId(integrations, id, integration),
        workflow,
      ),
    ),
  );

  serve(api.getWorkflow, async ({ params }, { id }) =>
    toWorkflow(await workflows.get(id, params.workflowId)),
  );

  serve(api.updateWorkflow, async ({ params, body }, { id }) => {
    const change = parse(WorkflowChange, body, "body");
    return toWorkflow(await workflows.update(id, params.workflowId, change));
  });

  serve(api.deleteWorkflow, async ({ params }, { id }) => workflows.remove(id, params.workflowId));

  serve(api.reorderWorkflows, async ({ params, body }, { id }) => {
    const integrationId = await requireIntegrationId(integrations, id, params.type);
    return {
      workflows: (await workflows.reorder(id, integrationId, body.workflowIds)).map(toWorkflow),
    };
  });
}

function serveDrafts(serve: ServeInProject, { workflows, integrations }: Services): void {
  serve(api.getDraft, async ({ params }, { id }) =>
    toDraft(await workflows.readDraft(id, params.workflowId)),
  );

  serve(api.putDraft, async ({ params, body }, { id }) =>
    toDraft(await workflows.saveDraft(id, params.workflowId, body)),
  );

  serve(api.getProblems, async ({ params }, { id }) => {
    const { revision, problems } = await workflows.readDraft(id, params.workflowId);
    return { revision, problems };
  });

  serve(api.deployWorkflow, async ({ params, body }, { id }) =>
    toWorkflow(await workflows.deploy(id, params.workflowId, body)),
  );

  serve(api.undeployWorkflow, async ({ params }, { id }) =>
    toWorkflow(await workflows.undeploy(id, params.workflowId)),
  );

  serve(api.exportWorkflow, async ({ params, query }, { id }) =>
    workflows.export(id, params.workflowId, query),
  );

  serve(api.importWorkflow, async ({ body }, { id }) => {
    const integrationId = await requireIntegrationId(integrations, id, body.integration);
    return toImported(await workflows.import(id, integrationId, body.document));
  });
}

/** Copying reaches into another project, which the key has to be good for too. */
function serveCopies(serve: ServeInProject, { workflows, projects }: Services): void {
  serve(api.copyWorkflow, async ({ params, body }, { id }, { key }) => {
    const target = await findProject(projects, key, body.projectId ?? id);
    return toImported(await workflows.copy(id, params.workflowId, { projectId: target.id }));
  });
}

function serveVersions(serve: ServeInProject, { workflows }: Services): void {
  serve(api.listVersions, async ({ params, query }, { id }) => ({
    versions: (await workflows.listVersions(id, params.workflowId, query)).map(toVersion),
  }));

  serve(api.getVersion, async ({ params }, { id }) => {
    const version = await workflows.getVersion(id, params.workflowId, params.versionId);
    return { ...toVersion(version), definition: version.definition };
  });

  serve(api.saveVersion, async ({ params, body }, { id }) =>
    toVersion(await workflows.saveVersion(id, params.workflowId, body)),
  );

  serve(api.restoreVersion, async ({ params }, { id }) =>
    toDraft(await workflows.restoreVersion(id, params.workflowId, params.versionId)),
  );
}

function serveIntegrationSettings(
  serve: ServeInProject,
  { workflows, integrations }: Services,
): void {
  serve(api.getIntegrationSettings, async ({ params }, { id }) => ({
    inputs: await workflows.readIntegrationSettings(
      id,
      await requireIntegrationId(integrations, id, params.type),
    ),
  }));

  serve(api.putIntegrationSettings, async ({ params, body }, { id }) => ({
    inputs: await workflows.saveIntegrationSettings(
      id,
      await requireIntegrationId(integrations, id, params.type),
      body.inputs,
    ),
  }));
}
