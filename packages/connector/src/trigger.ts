import type * as z from "zod";

/** Something that happens at the provider and can start runs. */
export interface Trigger<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  /** Kebab-case, unique in the connector. */
  id: string;
  /** The name in Paragon's API, such as `NOTION_PAGE_CREATED`. */
  intent: string;
  title: string;
  summary: string;
  /** What narrows it, such as a parent page. */
  input: Input;
  /** What a run starts with: the trigger's output. */
  output: Output;
}
