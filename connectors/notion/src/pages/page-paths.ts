import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { unlessMissing } from "../read-all.ts";
import { plainText, RichText } from "../rich-text.ts";
import { Block, Page, Parent } from "../schemas.ts";
import { titleOf } from "./page-title.ts";

/** Something that pages lie in: its title, and where it lies itself. */
interface Place {
  /** Undefined for what people see no name of, such as a column. */
  title: string | undefined;
  parent: Parent | undefined;
}

const Container = z.looseObject({
  title: RichText.optional(),
  parent: Parent.optional(),
  database_parent: Parent.optional(),
});

/** So many places are read for one load of choices; beyond them paths are cut. */
const mostReads = 20;
const mostLevels = 4;

/** Says where things lie, as `Handbook / Holidays`, with few requests. */
export interface PagePaths {
  /** Makes known what is at hand already. */
  learn(id: string, place: Place): void;
  pathOf(parent: Parent | undefined): Promise<string>;
}

export function createPagePaths(client: ActionClient): PagePaths {
  const known = new Map<string, Promise<Place | undefined>>();
  let reads = 0;

  function find(parent: Parent): Promise<Place | undefined> | undefined {
    const id = idOf(parent);
    if (id === undefined) return undefined;
    const found = known.get(id);
    if (found) return found;
    if (reads >= mostReads) return undefined;
    reads += 1;
    // Where a page lies may be hidden from the connection: then its path begins below that.
    const place = unlessMissing(readPlace(client, parent));
    known.set(id, place);
    return place;
  }

  return {
    learn: (id, place) => known.set(id, Promise.resolve(place)),
    async pathOf(parent) {
      const titles: string[] = [];
      let at = parent;
      for (let level = 0; at && level < mostLevels; level += 1) {
        const place: Place | undefined = await find(at);
        if (!place) break;
        if (place.title !== undefined) titles.unshift(place.title || "Untitled");
        at = place.parent;
      }
      return titles.join(" / ");
    },
  };
}

function idOf(parent: Parent): string | undefined {
  return parent.data_source_id ?? parent.page_id ?? parent.block_id ?? parent.database_id;
}

/** Reads what something lies in; throws what Notion answers where the connection sees no such place. */
export async function readPlace(client: ActionClient, parent: Parent): Promise<Place | undefined> {
  if (parent.page_id !== undefined) {
    const page = await client.request("GET", `/v1/pages/${parent.page_id}`, { returns: Page });
    return { title: titleOf(page), parent: page.parent };
  }
  if (parent.block_id !== undefined) {
    const block = await client.request("GET", `/v1/blocks/${parent.block_id}`, { returns: Block });
    return { title: undefined, parent: block.parent };
  }
  const path =
    parent.data_source_id === undefined
      ? `/v1/databases/${parent.database_id}`
      : `/v1/data_sources/${parent.data_source_id}`;
  const { title, ...above } = await client.request("GET", path, { returns: Container });
  // Between a data source and what its database lies in, the database's name would say it twice.
  return { title: plainText(title ?? []), parent: above.database_parent ?? above.parent };
}
