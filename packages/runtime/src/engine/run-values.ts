import { type Plan, readPath, readPathThrough, type Reference, type Scope } from "@tenon/workflow";
import type { RunContext } from "../run.ts";
import { type Instance, stepKey } from "./step-key.ts";

/** What is read from outside of a run's own steps. */
export interface RunFacts {
  /** The trigger's output. */
  input: unknown;
  context: RunContext;
  secrets: Readonly<Record<string, string>>;
  accessToken: string | undefined;
}

/** All that references of one run can name. */
export class RunValues {
  readonly #plan: Plan;
  readonly #facts: RunFacts;
  readonly #outputs = new Map<string, unknown>();
  /** Items of a fan out by its key. */
  readonly #items = new Map<string, readonly unknown[]>();

  constructor(plan: Plan, facts: RunFacts) {
    this.#plan = plan;
    this.#facts = facts;
  }

  setOutput(stepId: string, instance: Instance, output: unknown): void {
    this.#outputs.set(stepKey(stepId, instance), output);
  }

  setItems(fanOutId: string, instance: Instance, items: readonly unknown[]): void {
    this.#items.set(stepKey(fanOutId, instance), items);
  }

  /** What a step at this place sees. */
  scopeAt(stepId: string, instance: Instance, self?: unknown): Scope {
    const fanOuts = this.#plan.fanOutsOf(stepId);
    return { read: (reference) => this.#read(reference, { fanOuts, instance, self }) };
  }

  #read(reference: Reference, at: Place): unknown {
    const { context, secrets, accessToken } = this.#facts;
    switch (reference.source) {
      case "step":
        return this.#readStep(reference, at);
      case "secret":
        return Object.hasOwn(secrets, reference.name) ? secrets[reference.name] : undefined;
      case "setting": {
        const settings =
          reference.level === "workflow" ? context.settings : context.integrationSettings;
        return readPath(settings, [reference.inputId, ...reference.path]);
      }
      case "user":
        return readPath(context.user, reference.path);
      case "connection":
        return reference.path[0] === "accessToken"
          ? readPath(accessToken, reference.path.slice(1))
          : readPath(context.connection, reference.path);
      case "self":
        return readPath(at.self, reference.path);
    }
  }

  /** From outside of a fan out, a step inside it is the list of its outputs. */
  #readStep({ stepId, path }: Reference & { source: "step" }, at: Place): unknown {
    if (stepId === this.#plan.trigger.id) return readPath(this.#facts.input, path);
    const around = this.#plan.fanOutsOf(stepId);
    const shared = countShared(around, at.fanOuts);
    if (at.fanOuts[shared] === stepId) {
      const items = this.#items.get(stepKey(stepId, at.instance.slice(0, shared)));
      return readPath({ instance: items?.[at.instance[shared] ?? 0] }, path);
    }
    const inside = around.slice(shared);
    const output = this.#collect(stepId, inside, at.instance.slice(0, shared));
    return readPathThrough(output, path, inside.length);
  }

  #collect(stepId: string, fanOuts: readonly string[], instance: Instance): unknown {
    const [fanOut, ...rest] = fanOuts;
    if (fanOut === undefined) return this.#outputs.get(stepKey(stepId, instance));
    const items = this.#items.get(stepKey(fanOut, instance)) ?? [];
    return items.map((_, index) => this.#collect(stepId, rest, [...instance, index]));
  }
}

interface Place {
  fanOuts: readonly string[];
  instance: Instance;
  self: unknown;
}

function countShared(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  return shared;
}
