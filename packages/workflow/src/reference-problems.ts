import type { Step, Trigger } from "./definition.ts";
import { type Finding, type ProblemContext, quote } from "./problem.ts";
import { formatReference, isStepNumber, type Reference } from "./reference.ts";
import type { Structure } from "./structure.ts";
import { areInSiblingBranches, isUpstream } from "./tree.ts";
import type { LocatedReference } from "./value.ts";

/** What is wrong with a reference that stands in a step or the trigger; undefined if nothing is. */
export function referenceFinding(
  of: Step | Trigger,
  located: LocatedReference,
  scope: { structure: Structure; context: ProblemContext },
): Finding | undefined {
  return structureFinding(of, located, scope.structure) ?? contextFinding(located, scope.context);
}

/** What is wrong with a reference in any project: what it names can never be there. */
export function structureFinding(
  of: Step | Trigger,
  { reference, pointer: field }: LocatedReference,
  structure: Structure,
): Finding | undefined {
  const found = checkSource(of, { reference, pointer: field }, structure);
  return found === undefined ? undefined : { ...found, field };
}

type Found = Omit<Finding, "field"> | undefined;

function checkSource(
  of: Step | Trigger,
  { reference, pointer: field }: LocatedReference,
  structure: Structure,
): Found {
  switch (reference.source) {
    case "step":
      return checkStepReference(of, reference, { structure, field });
    case "user":
      return checkField(reference, ["id", "meta"]);
    case "connection":
      return checkConnection(of, reference);
    case "self":
      return checkSelf(of, reference);
    case "secret":
      return checkSecret(of, structure);
    case "setting":
      return undefined;
    default:
      return reference satisfies never;
  }
}

function contextFinding(
  { reference, pointer: field }: LocatedReference,
  context: ProblemContext,
): Finding | undefined {
  if (reference.source === "secret" && !context.secrets.has(reference.name)) {
    const text = `refers to the secret ${quote(reference.name)}, which does not exist. Add it to the environment secrets or choose another.`;
    return { code: "unknown_secret", field, text };
  }
  if (reference.source !== "setting") return undefined;
  const { level, inputId } = reference;
  const settings = level === "workflow" ? context.workflowSettings : context.integrationSettings;
  if (settings.has(inputId)) return undefined;
  const text = `refers to the ${level} setting ${quote(inputId)}, which does not exist. Add it to the settings or choose another.`;
  return { code: "unknown_setting", field, text };
}

function checkStepReference(
  of: Step | Trigger,
  reference: Extract<Reference, { source: "step" }>,
  { structure, field }: { structure: Structure; field: string },
): Found {
  const { tree, stepIds, name } = structure;
  const { trigger } = structure.definition;
  const { stepId, path } = reference;
  const shown = quote(`{{${formatReference(reference)}}}`);
  if (stepId !== trigger.id && !stepIds.has(stepId)) {
    const missing = isStepNumber(stepId)
      ? `there is no step ${stepId}`
      : `there is no step ${quote(stepId)}`;
    return {
      code: "unknown_reference",
      text: `refers to ${shown}, but ${missing}. Choose another value.`,
    };
  }
  // A trigger's condition is asked when the trigger's output is there, and nothing else is.
  if (of.id === trigger.id && stepId === trigger.id && field.startsWith("/condition")) {
    return undefined;
  }
  if (of.id === trigger.id) {
    return {
      code: "downstream_reference",
      text: `refers to ${shown}, but nothing has run before the trigger. Use a setting or the user's metadata.`,
    };
  }
  if (stepId === trigger.id) return undefined;
  const here = tree.nodes.get(of.id);
  const there = tree.nodes.get(stepId);
  if (here === undefined || there === undefined) return undefined;
  if (areInSiblingBranches(there.place, here.place)) {
    return {
      code: "sibling_branch_reference",
      text: `refers to ${shown} of ${name(stepId)}, which is in another branch and never runs together with it. Choose a step before the branches.`,
    };
  }
  if (!isUpstream(there, here)) {
    return {
      code: "downstream_reference",
      text: `refers to ${shown} of ${stepId === of.id ? "itself" : name(stepId)}, which has not run by then. Choose a step before it.`,
    };
  }
  if (
    there.step.type === "fanOut" &&
    path[0] === "instance" &&
    !here.place?.fanOuts.includes(stepId)
  ) {
    return {
      code: "instance_outside_fan_out",
      text: `refers to the item ${shown} of ${name(stepId)} from outside of it. Refer to a step inside: outside it gives the list of all its results.`,
    };
  }
  return undefined;
}

function checkConnection(
  of: Step | Trigger,
  reference: Extract<Reference, { source: "connection" }>,
): Found {
  const isToken = reference.path[0] === "accessToken";
  if (isToken && of.type !== "request" && of.type !== "integrationRequest") {
    return {
      code: "access_token_outside_request",
      text: "refers to the connection's access token. It can be used in request steps only, so that it is not stored with a run.",
    };
  }
  return checkField(reference, ["id", "externalId", "accountId", "providerData", "accessToken"]);
}

/** Who decides whether a run starts reads no secrets: they are opened for runs alone. */
function checkSecret(of: Step | Trigger, { definition }: Structure): Found {
  if (of.id !== definition.trigger.id) return undefined;
  return {
    code: "secret_in_trigger",
    text: "refers to a secret. Secrets can be used in steps only: use a setting, or compare in a conditional step.",
  };
}

function checkSelf(of: Step | Trigger, reference: Extract<Reference, { source: "self" }>): Found {
  if (!("pagination" in of) || of.pagination === undefined) {
    return {
      code: "self_outside_pagination",
      text: `refers to ${quote(`{{${formatReference(reference)}}}`)}, which exists only in a request with pagination. Turn pagination on or choose another value.`,
    };
  }
  return checkField(reference, ["response", "pageToken", "page"]);
}

/** A source as a whole may be referred to, else one of its fields. */
function checkField(
  reference: Extract<Reference, { source: "user" | "connection" | "self" }>,
  fields: readonly string[],
): Found {
  const [field] = reference.path;
  if (field === undefined || fields.includes(String(field))) return undefined;
  return {
    code: "unknown_field",
    text: `refers to ${quote(`{{${formatReference(reference)}}}`)}, but ${reference.source} has only ${fields.join(", ")}. Choose one of them.`,
  };
}
