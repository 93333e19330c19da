import { type RawBuilder, sql } from "kysely";
import * as z from "zod";

const Place = z.tuple([z.iso.datetime({ precision: 6, offset: true }), z.uuid()]);

/** Where a page of rows ends, newest first: to the microsecond, as the database has it. */
export type Place = z.output<typeof Place>;

/** The column as a cursor needs it. */
export function placeText(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`;
}

export function toCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** A cursor that is none begins anew, as one of another list would. */
export function parseCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    return undefined;
  }
}
