import type { RenewalContext } from "./renewal-context.ts";
import type { RenewalLease } from "./token-store.ts";

/** Extends the lease three times in its length until the function it returns is called. */
export function keepLease(
  { tokens, timing, log }: Pick<RenewalContext, "tokens" | "timing" | "log">,
  lease: RenewalLease,
): () => void {
  const { connectionId } = lease.tokens;
  const timer = setInterval(() => {
    tokens.extendLease(lease, timing.leaseMs).then(
      (isOurs) => isOurs || clearInterval(timer),
      (err: unknown) => log.warn({ err, connectionId }, "Could not extend a renewal's lease"),
    );
  }, timing.leaseMs / 3);
  return () => clearInterval(timer);
}
