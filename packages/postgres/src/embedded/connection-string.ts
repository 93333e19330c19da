import type { ServerAddress } from "./owner-lock.ts";

/** The address as a URL. A Unix socket's folder is its host, percent-encoded, as libpq has it. */
export function toConnectionString(address: ServerAddress): string {
  const { host, port, user, database, password } = address;
  const account = [user, password].filter((part) => part !== undefined).map(encodeURIComponent);
  return `postgresql://${account.join(":")}@${encodeURIComponent(host)}:${port}/${database}`;
}
