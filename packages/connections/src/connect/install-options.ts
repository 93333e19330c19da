import * as z from "zod";

/** How a sign-in is to end in a connection; what is not known here is kept and left alone. */
export const InstallOptions = z.looseObject({
  /** Connect one more account instead of replacing the one that is there. */
  allowMultipleCredentials: z.boolean().optional(),
  /** Reconnect this one: an id, `ext:<externalId>` or externalId. */
  selectedCredentialId: z.string().optional(),
  /** The customer's own name for the connection. */
  externalId: z.string().optional(),
});
export type InstallOptions = z.output<typeof InstallOptions>;
