/** Connection refused or cut, shutting down, starting up, or no connection free in time. */
const goneCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "53300",
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
]);

/** True: the database did not answer, and the same question makes sense again when it is back. */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return syscall === "connect";
  if (code !== undefined) return goneCodes.has(code);
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}
