import * as fc from "fast-check";
import * as z from "zod";
import { Definition, type DefinitionInput } from "../definition.ts";
import type { ProblemContext } from "../problem.ts";

type StepInput = NonNullable<DefinitionInput["steps"]>[number];

/** A project in which there is one of each. */
export const context: ProblemContext = {
  events: new Set(["order.created"]),
  secrets: new Set(["KEY"]),
  workflowSettings: new Set(["list"]),
  integrationSettings: new Set(["database"]),
  integration: "notion",
  hasIntegration: (id) => id === "notion",
  findAction: (integration, action) =>
    integration === "notion" && action === "create-page"
      ? {
          input: z.object({
            parent: z.string().min(1).meta({ title: "Parent page" }),
            count: z.int().optional(),
            options: z.object({ icon: z.string() }).optional(),
          }),
        }
      : undefined,
  findTrigger: (integration, trigger) =>
    integration === "notion" && trigger === "page-changed"
      ? { input: z.object({ page: z.string() }) }
      : undefined,
};

/** Workflows are written down as nested chains and made flat: so they are trees by construction. */
interface Shape {
  kind: "function" | "request" | "conditional" | "fanOut" | "delay";
  inner: Shape[][];
  text: string;
}

const texts = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("plain", "{{trigger.a}}", "{{user.id}}", "{{secrets.KEY}}"),
  },
  fc.constantFrom("{{settings.list[0]}}", "\\{{x", "{{self.page}}", "{{ 3.result }} {{2.result}}"),
  fc.nat(12).map((id) => `{{s${id}.result}}`),
  fc.nat(12).map((id) => `of {{ s${id}.instance.name }}`),
  fc.nat(14).map((number) => `{{${number}.result["a b"]}}`),
  fc.constantFrom("{{", "{{x}}", "{{connection.accessToken}}"),
);

const { chain } = fc.letrec<{ chain: Shape[]; shape: Shape }>((tie) => ({
  chain: fc.array(tie("shape"), { maxLength: 3 }),
  shape: fc.record({
    kind: fc.constantFrom("function", "request", "conditional", "fanOut", "delay"),
    inner: fc.oneof(
      { depthIdentifier: "shape", maxDepth: 3 },
      fc.constant<Shape[][]>([]),
      fc.array(tie("chain"), { minLength: 1, maxLength: 3 }),
    ),
    text: texts,
  }),
}));

/** Definitions whose steps are a tree, in any order, with references that may be wrong. */
export const treeDefinition: fc.Arbitrary<Definition> = fc
  .tuple(chain, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })))
  .map(([shapes, random]) => {
    const steps: StepInput[] = [];
    const next = flatten(shapes, steps);
    const order = steps.map((step) => ({ step, at: random.next().value }));
    const shuffled = order.toSorted((a, b) => a.at - b.at).map(({ step }) => step);
    const trigger = { id: "trigger", type: "event", event: "order.created", next } as const;
    return Definition.parse({ trigger, steps: shuffled });
  });

const branchCounts = { function: 0, request: 0, delay: 0, fanOut: 1, conditional: 3 };

/** Adds a chain's steps and answers the first one's id. */
function flatten(shapes: readonly Shape[], steps: StepInput[]): string | null {
  let next: string | null = null;
  for (const shape of shapes.toReversed()) {
    const branches = shape.inner.slice(0, branchCounts[shape.kind]);
    const inner = branches.map((branch) => flatten(branch, steps));
    const id = `s${steps.length}`;
    steps.push(toStep(shape, { id, next }, inner));
    next = id;
  }
  return next;
}

function toStep(
  { kind, text }: Shape,
  placed: { id: string; next: string | null },
  inner: (string | null)[],
): StepInput {
  const [first = null, ...others] = inner;
  switch (kind) {
    case "function":
      return { ...placed, type: kind, code: "() => 1", parameters: { text, deep: [{ text }] } };
    case "request":
      return { ...placed, type: kind, method: "GET", url: `https://example.com/${text}` };
    case "conditional":
      return {
        ...placed,
        type: kind,
        branches: [first, ...others.slice(0, 1)].map((next, index) => ({
          label: `Branch ${index}`,
          condition: { operator: "$stringContains", variable: text, argument: "a" },
          next,
        })),
        otherwise: { label: "No", next: others[1] ?? null },
      };
    case "fanOut":
      return { ...placed, type: kind, items: "{{trigger.items}}", each: first };
    case "delay":
      return { ...placed, type: kind, value: 5 };
    default:
      return kind satisfies never;
  }
}
