import type { Instance } from "../instance.ts";
import type { Upload } from "../store/records.ts";
import { isExpired } from "./present-upload.ts";

type Parts = Pick<Instance, "store" | "clock" | "schedule" | "changes">;

/**
 * Marks uploads that nobody attached in time, so that subscribers are told.
 *
 * - That one is expired does not depend on it: whoever asks is told by the clock at once.
 * - What was waiting when the process ended is taken up again at its start.
 */
export function expireUploads(parts: Parts): void {
  const { store, changes } = parts;
  const followAll = (): void => {
    for (const upload of store.all("uploads")) follow(parts, upload);
  };
  changes.listen({
    changed: (committed) => {
      for (const { table, id } of committed) {
        const upload = table === "uploads" ? store.get("uploads", id) : undefined;
        if (upload) follow(parts, upload);
      }
    },
    startedOver: followAll,
  });
  followAll();
}

function follow(parts: Parts, { id, expiryTime, status }: Upload): void {
  if (expiryTime === null || status === "expired" || status === "failed") return;
  parts.schedule.at(expiryTime + 1, () => expire(parts, id));
}

function expire(parts: Parts, id: string): void {
  const { store, clock, changes } = parts;
  const upload = store.get("uploads", id);
  if (!upload || upload.status === "expired" || upload.status === "failed") return;
  if (!isExpired(upload, clock)) return follow(parts, upload);
  store.put("uploads", { ...upload, status: "expired", editedTime: clock.now() });
  changes.tell(store.commit());
}
