import { ownerOf } from "../api/authenticate.ts";
import { apiVersions } from "../api/version.ts";
import { faultRequests } from "../faults/faults.ts";
import { seedEmptyWorkspace, seedWorkspace } from "../store/seed.ts";
import { changeSettings, defaultSettings, settingsChange } from "../settings.ts";
import { parseBody } from "../validate/parse.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";

export const stateRoutes: ControlRoute[] = [
  { method: "POST", path: "/_local/reset", answer: reset },
  { method: "POST", path: "/_local/seed", answer: seed },
  { method: "GET", path: "/_local/settings", answer: ({ instance }) => instance.settings },
  { method: "PATCH", path: "/_local/settings", answer: patchSettings },
  { method: "GET", path: "/_local/faults", answer: ({ instance }) => instance.faults.list() },
  { method: "POST", path: "/_local/faults", answer: addFaults },
  { method: "DELETE", path: "/_local/faults", answer: clearFaults },
  { method: "GET", path: "/_local/requests", answer: ({ instance }) => instance.requests.list() },
  { method: "DELETE", path: "/_local/requests", answer: clearRequests },
  { method: "GET", path: "/_local/session", answer: session },
];

/** Back to a workspace with people and the development app, and nothing written in it. */
function reset(call: ControlCall): object {
  startOver(call);
  seedEmptyWorkspace(call.instance);
  return { ok: true };
}

/** Back to the workspace of the first start, with its example pages. */
function seed(call: ControlCall): object {
  startOver(call);
  seedWorkspace(call.instance);
  return { ok: true };
}

function startOver({ instance }: ControlCall): void {
  instance.store.clear();
  instance.faults.clear();
  instance.requests.clear();
  instance.limiter.reset();
  changeSettings(instance.settings, { ...defaultSettings, ...instance.initialSettings });
}

function patchSettings({ instance, body }: ControlCall): object {
  changeSettings(instance.settings, parseBody(settingsChange, body));
  return instance.settings;
}

function addFaults({ instance, body }: ControlCall): object {
  const request = parseBody(faultRequests, body);
  const rules = Array.isArray(request) ? request : [request];
  return { ids: rules.map((rule) => instance.faults.add(rule)) };
}

function clearFaults({ instance }: ControlCall): object {
  instance.faults.clear();
  return { ok: true };
}

function clearRequests({ instance }: ControlCall): object {
  instance.requests.clear();
  return { ok: true };
}

/** A token for the workspace page, which acts as the workspace's owner. */
function session({ instance }: ControlCall): object {
  const owner = ownerOf(instance);
  return {
    token: instance.sessionToken,
    notionVersion: apiVersions.at(-1),
    person: owner
      ? { id: owner.id, name: owner.name, email: owner.email, avatarUrl: owner.avatarUrl }
      : null,
    workspace: owner ? (instance.store.get("workspaces", owner.workspaceId)?.name ?? null) : null,
  };
}
