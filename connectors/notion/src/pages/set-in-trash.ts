import type { ActionClient } from "@tenon/connector";
import { requireId } from "../ids.ts";
import { Page } from "../schemas.ts";

/** Moves a page to the trash or back. Done twice it has the effect of once. */
export function setInTrash(client: ActionClient, page: string, inTrash: boolean): Promise<Page> {
  const path = `/v1/pages/${requireId(page, "page")}`;
  return client.request("PATCH", path, { body: { in_trash: inTrash }, returns: Page });
}
