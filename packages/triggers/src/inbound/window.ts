/** Grants so many takings of a key in a window of time. */
export interface Window {
  take(key: string): boolean;
}

/** Creates a window that is counted in this process only. */
export function createWindow({ max, windowMs }: { max: number; windowMs: number }): Window {
  let counts = new Map<string, number>();
  let endsAt = 0;
  return {
    take(key) {
      const now = Date.now();
      if (now >= endsAt) {
        counts = new Map();
        endsAt = now + windowMs;
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= max;
    },
  };
}
