/** A step's place in a run: the step, and the item at each fan out around it. */
export type Instance = readonly number[];

/** Names a step run within its run. */
export function stepKey(stepId: string, instance: Instance): string {
  return instance.length === 0 ? stepId : `${stepId} ${instance.join(",")}`;
}
