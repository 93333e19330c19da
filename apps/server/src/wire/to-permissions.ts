import { type Condition, parseTemplate } from "@tenon/workflow";

/** A condition of Paragon's form. */
type Wrapper =
  | { type: "JOIN"; join: "AND" | "OR"; conditions: Wrapper[] }
  | { type: "OPERATOR"; condition: Record<string, unknown> };

/** Permissions as the SDK carries them: an OR at the outside. The server alone decides by them. */
export function toPermissions(permissions: Condition): Wrapper {
  const wrapped = toWrapper(permissions);
  if (wrapped.type === "JOIN" && wrapped.join === "OR") return wrapped;
  return { type: "JOIN", join: "OR", conditions: [wrapped] };
}

function toWrapper(condition: Condition): Wrapper {
  if ("join" in condition) {
    const join = condition.join === "and" ? "AND" : "OR";
    return { type: "JOIN", join, conditions: condition.conditions.map(toWrapper) };
  }
  const { operator, variable, argument } = condition;
  return {
    type: "OPERATOR",
    condition: {
      operator,
      variable: toSource(variable),
      ...(argument !== undefined && { argument: toSource(argument) }),
    },
  };
}

/** Permissions are about the user: `{{user.meta.plan}}` is what Paragon calls persona metadata. */
function toSource(value: unknown): Record<string, unknown> {
  const template = typeof value === "string" ? parseTemplate(value) : undefined;
  if (template?.kind !== "reference" || template.reference.source !== "user") {
    return { type: "VALUE", value };
  }
  const [head, ...path] = template.reference.path;
  if (head === "meta") return { type: "PERSONA_METADATA", path: path.map(String) };
  return { type: "CONNECT_CREDENTIAL_FIELD", fieldType: "EXTERNAL_USER_ID" };
}
