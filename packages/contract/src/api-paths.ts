import * as z from "zod";

/** Pieces that the management API's endpoints share. */
export const projectPath = "/api/projects/{projectId}";
export const projectId = z.uuid().meta({ description: "The Project ID." });
export const inProject = z.object({ projectId });

export const inWorkflow = inProject.extend({ workflowId: z.uuid() });
export const inRun = inProject.extend({ runId: z.uuid() });

/** A connected user as the customer names them. */
export const UserId = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: "The connected user: the `sub` of the user token." });

/** What the customer's product says of a connected user. */
export const UserMeta = z.record(z.string().max(200), z.unknown());

/** Keys that are merged into it. */
export const UserMetaChange = UserMeta.refine(
  (meta) => JSON.stringify(meta).length <= 20_000,
  "must be at most 20,000 characters of JSON",
);

/** A whole number in a query. */
export function queryInt(min: number, max: number) {
  return z.coerce.number().pipe(z.int().min(min).max(max));
}

/** An instant in a query or body. */
export const Instant = z.iso.datetime({ offset: true });

/** Where the page before ended, as the answer before said. */
export const Cursor = z
  .string()
  .min(1)
  .max(1000)
  .meta({ description: "`nextCursor` of the page before." });
