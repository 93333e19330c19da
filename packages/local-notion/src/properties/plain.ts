import type { DateValue } from "../rich-text/rich-text.ts";

/** A value as filters, sorts, rollups and formulas look at it. */
export type PlainValue =
  | { kind: "text"; text: string }
  | { kind: "number"; number: number | null }
  | { kind: "checkbox"; checked: boolean }
  | { kind: "date"; date: DateValue | null }
  /** Options, people, pages or files: each with an id and what it reads. */
  | { kind: "items"; items: { id: string; name: string }[] }
  | { kind: "list"; values: PlainValue[] };

/** What a formula or rollup comes to: its type, and the value under that key. */
export interface Computed {
  type: "string" | "number" | "boolean" | "date" | "array";
  string?: string | null;
  number?: number | null;
  boolean?: boolean;
  date?: DateValue | null;
  /** The values of a rollup that shows its originals. */
  array?: PlainValue[];
}

/** A formula's or rollup's answer, whose type is named by its own `type` key. */
export function fromComputed(computed: Computed): PlainValue {
  switch (computed.type) {
    case "number":
      return { kind: "number", number: computed.number ?? null };
    case "boolean":
      return { kind: "checkbox", checked: computed.boolean ?? false };
    case "date":
      return { kind: "date", date: computed.date ?? null };
    case "array":
      return { kind: "list", values: computed.array ?? [] };
    case "string":
      return { kind: "text", text: computed.string ?? "" };
  }
}

export function isEmpty(value: PlainValue): boolean {
  switch (value.kind) {
    case "text":
      return value.text === "";
    case "number":
      return value.number === null;
    case "date":
      return value.date === null;
    case "items":
      return value.items.length === 0;
    case "list":
      return value.values.length === 0;
    case "checkbox":
      return !value.checked;
  }
}

/** One text for a value: two values that read the same count as the same. */
export function toText(value: PlainValue): string {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return value.number === null ? "" : String(value.number);
    case "checkbox":
      return String(value.checked);
    case "date":
      return value.date?.start ?? "";
    case "items":
      return value.items.map(({ name }) => name).join(", ");
    case "list":
      return value.values.map(toText).join(", ");
  }
}
