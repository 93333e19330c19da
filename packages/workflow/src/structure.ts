import type { Definition, Step, Trigger } from "./definition.ts";
import { nameSubject, type Subject } from "./problem.ts";
import { readTree, type Tree } from "./tree.ts";

/** A definition with what hangs together in it. */
export interface Structure {
  definition: Definition;
  tree: Tree;
  /** Ids of all steps, also of those that are not reached. */
  stepIds: ReadonlySet<string>;
  /** A step's or the trigger's name for people. */
  name(id: string): string;
}

/** Reads how the steps of a definition hang together, in time linear in them. */
export function readStructure(definition: Definition): Structure {
  const { trigger, steps } = definition;
  const subjects = new Map(steps.map((step, index) => [step.id, toSubject(step, index + 2)]));
  subjects.set(trigger.id, toSubject(trigger, 1));
  return {
    definition,
    tree: readTree(definition),
    stepIds: new Set(steps.map(({ id }) => id)),
    name(id) {
      const subject = subjects.get(id);
      return subject === undefined ? id : nameSubject(subject);
    },
  };
}

/** A step or trigger as problems name it. */
export function toSubject(of: Step | Trigger, number: number): Subject {
  return { id: of.id, number, title: of.title };
}
