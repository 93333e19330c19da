import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { type Home, HomeField, readHome } from "./home.ts";
import type { NewPage } from "./make-page.ts";
import { looksFields, toLooks } from "./page-looks.ts";
import { toProperties, valueFields } from "./page-properties.ts";

/** Where a new page goes and what it says of itself. */
export const newPageFields = {
  parent: HomeField.meta({
    title: "Parent",
    description:
      'The page or data source it goes into: an id, a link, or Notion\'s parent object. The id of a database with one data source will do; "workspace" is the top of the workspace.',
    ui: { picker: "parents" },
  }),
  ...valueFields,
  ...looksFields,
};
const NewPageInput = z.object(newPageFields);

/** A new page as its fields describe it, without content. */
export async function toNewPage(
  client: ActionClient,
  input: z.output<typeof NewPageInput>,
): Promise<NewPage> {
  const looks = toLooks(input);
  const home: Home = await readHome(client, input.parent);
  return { home, looks, properties: await toProperties(client, home, input) };
}
