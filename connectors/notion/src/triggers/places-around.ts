import type { ActionClient } from "@tenon/connector";
import { readPlace } from "../pages/page-paths.ts";
import type { Parent } from "../schemas.ts";
import { idOfParent } from "./page-state.ts";
import { unlessHidden } from "./unless-hidden.ts";

/** Deeper than people nest pages; ends a walk through blocks that never comes to an end. */
const mostSteps = 50;

/**
 * What a page or comment lies in, from the inside to the workspace, as far as the connection sees
 * it. Each place that is asked for costs one request.
 */
export async function* placesAround(
  client: ActionClient,
  parent: Parent | undefined,
): AsyncGenerator<Parent> {
  let at = parent;
  for (let step = 0; at && idOfParent(at) !== "workspace" && step < mostSteps; step += 1) {
    yield at;
    at = (await unlessHidden(readPlace(client, at)))?.parent;
  }
}
