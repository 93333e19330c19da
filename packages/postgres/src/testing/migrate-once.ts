/** A process of its own that migrates the database of the URL it is given, for tests. */
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open-database.ts";

const database = await openDatabase({ databaseUrl: process.argv[2], dataDir: "" });
await migrate(database.kysely);
await database.stop();
