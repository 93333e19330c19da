import { defineGlobal } from "./define-global.ts";
import { askText } from "./host.ts";

interface Timer {
  callback: (...values: unknown[]) => unknown;
  values: unknown[];
  repeats: boolean;
}

const timers = new Map<number, Timer>();
let last = 0;

function start(repeats: boolean, callback: unknown, delay: unknown, values: unknown[]): number {
  if (typeof callback !== "function") throw new TypeError("A timer needs a function to call");
  const ms = Math.max(repeats ? 1 : 0, Number(delay) || 0);
  askText("startTimer", [(last += 1), ms, repeats]);
  timers.set(last, { callback: (...given) => callback(...given), values, repeats });
  return last;
}

function stop(id: unknown): void {
  const known = Number(id);
  if (timers.delete(known)) askText("stopTimer", [known]);
}

/** Called by the host when a timer is due. */
export function fireTimer(id: number): void {
  const timer = timers.get(id);
  if (timer === undefined) return;
  if (!timer.repeats) timers.delete(id);
  timer.callback(...timer.values);
}

defineGlobal("setTimeout", (callback: unknown, delay: unknown, ...values: unknown[]) =>
  start(false, callback, delay, values),
);
defineGlobal("setInterval", (callback: unknown, delay: unknown, ...values: unknown[]) =>
  start(true, callback, delay, values),
);
defineGlobal("setImmediate", (callback: unknown, ...values: unknown[]) =>
  start(false, callback, 0, values),
);

const settled = Promise.resolve();
const then = Promise.prototype.then;
defineGlobal("queueMicrotask", (callback: unknown) => {
  if (typeof callback !== "function") throw new TypeError("A microtask needs a function to call");
  const report = (error: unknown) => globalThis.console.error("Uncaught", error);
  void then.call(
    then.call(settled, () => callback()),
    undefined,
    report,
  );
});
for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) defineGlobal(name, stop);
