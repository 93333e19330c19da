import { fromPropertyValues, PropertyValues } from "../data-sources/plain-values.ts";
import { type ActionRig, createActionRig } from "./action-rig.ts";
import { findExampleDataSource, findPageId } from "./find-by-title.ts";

/** A rig over the example workspace, with the ids of what tests write to. */
export interface Example {
  rig: ActionRig;
  handbook: string;
  dataSourceId: string;
  databaseId: string;
}

export async function openExample(): Promise<Example> {
  const rig = await createActionRig({ seed: "example" });
  const handbook = await findPageId(rig, "Handbook");
  return { rig, handbook, ...(await findExampleDataSource(rig.client)) };
}

/** A page's properties as plain values. */
export function valuesOf(page: { properties?: unknown }): Record<string, unknown> {
  return fromPropertyValues(PropertyValues.parse(page.properties));
}
