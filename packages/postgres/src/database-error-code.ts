/** Codes of errors raised while opening or migrating the database. */
export type DatabaseErrorCode =
  | "database_unreachable"
  | "database_unsupported"
  | "database_newer"
  | "database_start_failed"
  | "database_migration_failed";
