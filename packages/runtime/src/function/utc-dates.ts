/**
 * Makes local time UTC in this thread, whatever the server's time zone, as QuickJS asks the host's
 * `Date` for local time. Only for a thread in which nothing else uses dates.
 */
export function useUtcDates(): void {
  const dates: object = Date.prototype;
  const parts = ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds"];
  for (const part of parts) Reflect.set(dates, `get${part}`, Reflect.get(dates, `getUTC${part}`));
  Reflect.set(dates, "getTimezoneOffset", () => 0);
}
