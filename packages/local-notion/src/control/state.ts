import { faultRequests } from "../faults/faults.ts";
import { seedEmptyWorkspace, seedWorkspace } from "../store/seed.ts";
import { changeSettings, defaultSettings, settingsChange } from "../settings.ts";
import { parseBody } from "../validate/parse.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";
import { startOver } from "./start-over.ts";

export const stateRoutes: ControlRoute[] = [
  { method: "POST", path: "/_local/reset", startsOver: true, answer: reset },
  { method: "POST", path: "/_local/seed", startsOver: true, answer: seed },
  { method: "GET", path: "/_local/settings", answer: ({ instance }) => instance.settings },
  { method: "PATCH", path: "/_local/settings", answer: patchSettings },
  { method: "GET", path: "/_local/faults", answer: ({ instance }) => instance.faults.list() },
  { method: "POST", path: "/_local/faults", answer: addFaults },
  { method: "DELETE", path: "/_local/faults", answer: clearFaults },
  { method: "GET", path: "/_local/requests", answer: ({ instance }) => instance.requests.list() },
  { method: "DELETE", path: "/_local/requests", answer: clearRequests },
];

/** Back to a workspace with people and the development app, and nothing written in it. */
function reset(call: ControlCall): object {
  empty(call);
  seedEmptyWorkspace(call.instance);
  return { ok: true };
}

/** Back to the workspace of the first start, with its example pages. */
function seed(call: ControlCall): object {
  empty(call);
  seedWorkspace(call.instance);
  return { ok: true };
}

function empty({ instance }: ControlCall): void {
  startOver(instance);
  instance.store.clear();
  changeSettings(instance.settings, { ...defaultSettings, ...instance.initialSettings });
}

function patchSettings({ instance, body }: ControlCall): object {
  const { settings, schedule } = instance;
  const before = settings.clockOffsetMs;
  changeSettings(settings, parseBody(settingsChange, body));
  if (settings.clockOffsetMs !== before) schedule.clockMoved(settings.clockOffsetMs - before);
  return settings;
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
