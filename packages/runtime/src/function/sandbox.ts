import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten-core";
import { guestMain, guestName, guestSource, isGuestName } from "./guest-source.ts";
import { hostOperations, operationError, type OperationRun } from "./host-operations.ts";
import { libraryName } from "./library-files.ts";
import { MemoryImage, usedBytes } from "./memory-image.ts";
import { newQuickJs, type QuickJsInstance } from "./quickjs-instance.ts";

/** Of QuickJS: about 2,700 calls deep. The thread's own stack is far larger, as it must be. */
const stackBytes = 512 * 1024;
const mebibyte = 1024 * 1024;
/** Beside what QuickJS counts: its stack and data, and what was freed but is in pieces. */
const uncountedBytes = 48 * mebibyte;
const maxImages = 8;

/** What QuickJS says where memory is used up. */
export const outOfMemory = "out of memory";

/** What the sandbox's own modules export. */
const controls = [
  "begin",
  "invoke",
  "describe",
  "fireTimer",
  "exportNames",
  "requireLibrary",
] as const;
type Control = (typeof controls)[number];

/** What a call into the sandbox came to. */
export type Answer = { value: QuickJSHandle } | { thrown: QuickJSHandle };

export interface RunLimits {
  memoryMb: number;
  /** On the clock of `performance.now()`. */
  deadline: number;
}

/**
 * QuickJS with the sandbox's own modules loaded, taken back to that state before each run.
 *
 * - A run sees nothing of the one before: the whole memory is restored ({@link MemoryImage}).
 * - Every failure inside ends in a thrown value here or in {@link timedOut}; an exception that leaves
 *   a call into the sandbox means that the instance is damaged and has to be dropped.
 * - Native work of QuickJS, such as sorting a long list, cannot be interrupted. Only ending the
 *   thread stops it.
 */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #memory: WebAssembly.Memory;
  readonly #controls = new Map<Control, QuickJSHandle>();
  /** By the libraries that are loaded in it, as one text. */
  readonly #images = new Map<string, MemoryImage>();
  #limits: RunLimits = { memoryMb: 64, deadline: Infinity };
  #operations: OperationRun | undefined;
  #timedOut = false;

  private constructor({ module, memory }: QuickJsInstance) {
    this.#memory = memory;
    this.#runtime = module.newRuntime();
    this.#runtime.setMaxStackSize(stackBytes);
    this.#runtime.setInterruptHandler(() => this.#isOverdue());
    this.#runtime.setModuleLoader((name) => this.#loadModule(name), moduleName);
    this.#context = this.#runtime.newContext();
    this.#loadGuest();
    this.#images.set("", new MemoryImage(memory));
  }

  static async create(): Promise<Sandbox> {
    return new Sandbox(await newQuickJs());
  }

  /** Did the run go on to its deadline? Then nothing that it answers counts. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /**
   * Was the memory nearly used up at some time? Where it is, QuickJS may not even have the room for
   * an error that says so: it throws null, or leaves a promise pending.
   */
  get wasFull(): boolean {
    return usedBytes(this.#memory) > 0.8 * this.#limits.memoryMb * mebibyte;
  }

  /** False once its memory has grown: then it is to be replaced by a new one. */
  get reusable(): boolean {
    return [...this.#images.values()].every((image) => image.fits);
  }

  /** Takes everything back to the state in which only these libraries are loaded. */
  reset(libraries: readonly string[] = []): void {
    this.#operations = undefined;
    this.#timedOut = false;
    this.#limits = { memoryMb: 64, deadline: Infinity };
    const key = libraries.join();
    const image = this.#images.get(key) ?? this.#makeImage(key, libraries);
    image.restore();
  }

  /** Begins to count time and memory. */
  limit(limits: RunLimits, operations: OperationRun): void {
    this.#limits = limits;
    this.#operations = operations;
    this.#runtime.setMemoryLimit(limits.memoryMb * mebibyte);
  }

  /** Runs code; of a module the value is its namespace, or a promise of that. */
  evaluate(code: string, file: string, type: "global" | "module"): Answer {
    return this.#answer(this.#context.evalCode(code, file, { type }));
  }

  /** Reads code without running it; answers the SyntaxError. */
  compile(code: string, file: string, type: "global" | "module"): QuickJSHandle | undefined {
    const answer = this.#context.evalCode(code, file, { type, compileOnly: true });
    return answer.error;
  }

  call(control: Control, ...values: (QuickJSHandle | string | number | boolean)[]): Answer {
    const handles = values.map((value) => this.#handleOf(value));
    const target = this.#controls.get(control);
    if (target === undefined) throw new Error(`The sandbox has no ${control}`);
    return this.#answer(this.#context.callFunction(target, this.#context.undefined, handles));
  }

  /** Runs what promises wait for, some at a time, so that the deadline is looked at in between. */
  runJobs(): { more: boolean; thrown?: QuickJSHandle } {
    const done = this.#runtime.executePendingJobs(200);
    if (done.error) return { more: true, thrown: done.error };
    return { more: !this.#isOverdue() && this.#runtime.hasPendingJob() };
  }

  /** What a promise came to; undefined while it is pending. */
  settled(promise: QuickJSHandle): Answer | undefined {
    const state = this.#context.getPromiseState(promise);
    if (state.type === "pending") return undefined;
    return state.type === "fulfilled" ? { value: state.value } : { thrown: state.error };
  }

  text(handle: QuickJSHandle): string {
    return this.#context.getString(handle);
  }

  #isOverdue(): boolean {
    if (performance.now() > this.#limits.deadline) this.#timedOut = true;
    return this.#timedOut;
  }

  #answer(result: { value: QuickJSHandle; error?: undefined } | { error: QuickJSHandle }): Answer {
    return result.error ? { thrown: result.error } : { value: result.value };
  }

  #handleOf(value: QuickJSHandle | string | number | boolean): QuickJSHandle {
    if (typeof value === "string") return this.#context.newString(value);
    if (typeof value === "number") return this.#context.newNumber(value);
    if (typeof value === "boolean") return value ? this.#context.true : this.#context.false;
    return value;
  }

  #loadGuest(): void {
    const { global } = this.#context;
    const host = this.#context.newFunction("host", (operation, json, bytes) =>
      this.#operate(operation, json, bytes),
    );
    this.#context.setProp(global, "tenonHost", host);
    const loaded = this.evaluate(guestSource(guestMain), guestMain, "module");
    if ("thrown" in loaded) throw this.#fault(loaded.thrown);
    for (const name of controls) {
      this.#controls.set(name, this.#context.getProp(loaded.value, name));
    }
  }

  #fault(thrown: QuickJSHandle): Error {
    return new Error("The sandbox could not be made", { cause: this.#context.dump(thrown) });
  }

  #makeImage(key: string, libraries: readonly string[]): MemoryImage {
    this.#images.get("")?.restore();
    this.limit({ memoryMb: 64, deadline: Infinity }, noRun);
    for (const name of libraries) {
      const loaded = this.call("requireLibrary", name);
      if ("thrown" in loaded) throw this.#fault(loaded.thrown);
    }
    const image = new MemoryImage(this.#memory);
    const oldest = [...this.#images.keys()][1];
    if (this.#images.size >= maxImages && oldest !== undefined) this.#images.delete(oldest);
    this.#images.set(key, image);
    return image;
  }

  #loadModule(name: string): string | { error: Error } {
    try {
      if (isGuestName(name)) return guestSource(name);
      return this.#libraryModule(name);
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** An ES module for a library that is none. */
  #libraryModule(id: string): string {
    const names = this.call("exportNames", id);
    if ("thrown" in names) throw new Error(`"${id}" could not be loaded. ${libraryName(id)}`);
    const exported: string[] = JSON.parse(this.text(names.value));
    const library = `require(${JSON.stringify(id)})`;
    return `const library = ${library}; export default library; export const { ${exported.join(", ")} } = library;`;
  }

  /** The one way from the sandbox to the host. Its errors are answers, not exceptions. */
  #operate(name: QuickJSHandle, json: QuickJSHandle, bytes?: QuickJSHandle): QuickJSHandle {
    try {
      const answer = this.#runOperation(this.text(name), this.text(json), bytes);
      if (answer instanceof Uint8Array) return this.#newBytes(answer);
      return this.#context.newString(JSON.stringify({ value: answer }));
    } catch (error) {
      return this.#context.newString(JSON.stringify({ error: operationError(error) }));
    }
  }

  #runOperation(name: string, json: string, bytes: QuickJSHandle | undefined): unknown {
    // Operations can be slow one by one, and are not code that QuickJS would interrupt.
    if (this.#isOverdue()) throw new Error("The function's time is over");
    const operation = hostOperations.get(name);
    if (operation === undefined) throw new Error(`There is no operation ${name}`);
    const isGiven = bytes !== undefined && this.#context.typeof(bytes) === "object";
    const given = isGiven ? this.#context.getArrayBuffer(bytes) : undefined;
    try {
      return operation(
        JSON.parse(json),
        given?.value ?? new Uint8Array(),
        this.#operations ?? noRun,
      );
    } finally {
      given?.dispose();
    }
  }

  /** QuickJS does not count these bytes, so that the memory as a whole is looked at. */
  #newBytes(bytes: Uint8Array): QuickJSHandle {
    const used = this.#memory.buffer.byteLength + bytes.length;
    if (used > this.#limits.memoryMb * mebibyte + uncountedBytes) throw new Error(outOfMemory);
    return this.#context.newArrayBuffer(new Uint8Array(bytes).buffer);
  }
}

/** A user's code cannot name the sandbox's own modules: without their prefix there are none. */
function moduleName(from: string, name: string): string {
  if (isGuestName(from)) return guestName(name);
  return isGuestName(name) ? name.replaceAll("tenon:", "") : name;
}

const noRun: OperationRun = { write: () => {}, startTimer: () => {}, stopTimer: () => {} };
