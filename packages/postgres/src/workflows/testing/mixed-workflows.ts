import type { DefinitionInput } from "@tenon/workflow";
import { chain, read, write } from "./engine-rig.ts";

/** Workflows of all kinds of steps, by the id of their version: every process knows the same. */
export function mixedWorkflows(): Map<string, DefinitionInput> {
  return new Map(
    [
      chain(write("post"), read("look", { from: "{{post.result}}" }), write("last")),
      chain(
        read("look"),
        write("post"),
        { id: "wait", type: "delay", value: 0.5, unit: "seconds" },
        write("last"),
      ),
      {
        trigger: { id: "start", type: "request", next: "fan" },
        steps: [
          { id: "fan", type: "fanOut", items: "{{start.list}}", each: "each", next: "last" },
          write("each"),
          write("last"),
        ],
      } satisfies DefinitionInput,
      {
        trigger: { id: "start", type: "request", next: "which" },
        steps: [
          {
            id: "which",
            type: "conditional",
            branches: [
              {
                label: "Yes",
                condition: { operator: "$numberEquals", variable: "{{start.n}}", argument: 3 },
                next: "post",
              },
            ],
            otherwise: { label: "No", next: null },
            next: "last",
          },
          write("post", null, { next: "again" }),
          write("again"),
          write("last"),
        ],
      } satisfies DefinitionInput,
    ].map((definition, index) => [versionOf(index), definition]),
  );
}

/** How many writes a run of each of them sends. */
export const writesOf = [2, 2, 4, 3];

function versionOf(index: number): string {
  return `00000000-0000-4000-8000-00000000000${index}`;
}
