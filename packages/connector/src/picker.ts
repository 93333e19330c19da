import * as z from "zod";
import type { ActionClient } from "./action-client.ts";

export interface Choice {
  value: string;
  label: string;
  /** A second line, such as where a page lies. */
  description?: string;
}

export interface PickerAsk {
  client: ActionClient;
  /** What was typed; empty for the first choices. */
  search: string;
  cursor: string | undefined;
  /** The values of the fields that the picker {@link Picker.needs}. */
  input: Readonly<Record<string, unknown>>;
}

/** Choices that come from the connected account, such as its pages. */
export interface Picker {
  /** Kebab-case, unique in the connector. */
  id: string;
  title: string;
  /** Names of the input fields that the choices depend on. */
  needs?: readonly string[];
  /** Lists choices; throws what a form can show, never an empty list in place of an error. */
  load(ask: PickerAsk): Promise<{ choices: Choice[]; nextCursor: string | undefined }>;
}

/** Declares a picker. */
export function definePicker(picker: Picker): Picker {
  return picker;
}

/** A text field whose choices the connected account knows. Any id may be written in its place. */
export function pick(picker: Picker, title: string, description?: string) {
  return z
    .string()
    .trim()
    .min(1)
    .meta({ title, ...(description !== undefined && { description }), ui: { picker: picker.id } });
}

/** An object whose fields only the connected account knows, such as a data source's properties. */
export interface Shape {
  /** Kebab-case, unique in the connector. */
  id: string;
  /** Names of the input fields that the shape depends on. */
  needs: readonly string[];
  /** The fields as they are now, each optional with title and, where it helps, `ui`. */
  read(ask: {
    client: ActionClient;
    input: Readonly<Record<string, unknown>>;
  }): Promise<z.ZodObject>;
}

/** Declares a shape. */
export function defineShape(shape: Shape): Shape {
  return shape;
}

/** A field that holds an object of a {@link Shape}. The action parses it with the live one. */
export function shaped(shape: Shape, title: string, description?: string) {
  return z
    .record(z.string(), z.json())
    .meta({ title, ...(description !== undefined && { description }), ui: { shape: shape.id } });
}
