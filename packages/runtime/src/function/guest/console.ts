import { defineGlobal } from "./define-global.ts";
import { formatValue } from "./format-value.ts";
import { askText } from "./host.ts";

const maxLine = 10_000;

function write(level: string, values: readonly unknown[]): void {
  const text = values.map(formatValue).join(" ");
  const kept =
    text.length > maxLine ? `${text.slice(0, maxLine)} … (${text.length} characters)` : text;
  askText("console", [level, kept]);
}

const methods: Record<string, (...values: unknown[]) => void> = {
  assert: (holds, ...values) => {
    if (!holds) write("error", ["Assertion failed", ...values]);
  },
  groupEnd: () => {},
};
const levels = { debug: "debug", info: "info", warn: "warn", error: "error", trace: "debug" };
for (const [name, level] of Object.entries(levels))
  methods[name] = (...values) => write(level, values);
for (const name of ["log", "dir", "table", "group", "groupCollapsed"]) {
  methods[name] = (...values) => write("log", values);
}

const started = new Map<string, number>();
methods["time"] = (label = "default") => void started.set(String(label), Date.now());
methods["timeEnd"] = (label = "default") =>
  write("log", [`${String(label)}: ${Date.now() - (started.get(String(label)) ?? Date.now())} ms`]);

defineGlobal("console", methods);
