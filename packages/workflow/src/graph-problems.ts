import { quote, type Finding } from "./problem.ts";
import type { TreeFault } from "./tree.ts";

/** What a fault of the tree means to the people who build the workflow. */
export function treeFinding(fault: TreeFault, name: (id: string) => string): Finding {
  const { code, field, target } = fault;
  switch (code) {
    case "duplicate_id":
      return {
        code,
        field,
        text: `has the id ${quote(target)}, which another step has too. Give it an id of its own.`,
      };
    case "unknown_step":
      return {
        code,
        field,
        text: `goes on with ${quote(target)}, which is no step. Choose a step, or none.`,
      };
    case "cycle":
      return {
        code,
        field,
        text: `goes back to ${name(target)}, which would run without end. Use a fan out for repetition.`,
      };
    case "named_twice":
      return {
        code,
        field,
        text: `goes on with ${name(target)}, which already follows another step. End this branch: the run goes on after the branches by itself.`,
      };
    case "unreachable":
      return {
        code,
        field,
        text: "is never reached: no step that the trigger leads to goes on with it. Connect it or remove it.",
      };
    default:
      return code satisfies never;
  }
}
