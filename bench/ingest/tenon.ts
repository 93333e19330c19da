import { openDatabase } from "@tenon/postgres";
import * as z from "zod";
import { startConnectedTenon } from "../connected-tenon.ts";
import { serveParty } from "../party.ts";
import type { IngestTarget } from "./load.ts";

/**
 * The real server with an active webhook and 10,000 connected accounts, on a hundred of which a
 * subscription listens. Its watcher rests: what routed events lead to is another benchmark.
 */
const [providerUrl = "", databaseUrl = ""] = process.argv.slice(2);
const tenon = await startConnectedTenon(providerUrl, { DATABASE_URL: databaseUrl });
await tenon.services.watcher.close();
const token = "secret_benchmark";
const webhook = "/integrations/notion/webhook";
const { url } = z.object({ url: z.url() }).parse(await tenon.askAsDeveloper("GET", webhook));
const { pathname: path } = new URL(url);
await fetch(`http://127.0.0.1:${tenon.port}${path}`, {
  method: "POST",
  body: JSON.stringify({ verification_token: token }),
});
await tenon.askAsDeveloper("POST", `${webhook}/activate`, { token });

const database = await openDatabase({ databaseUrl, dataDir: "" });
await database.pool.query(`
  with made as (
    insert into connections (id, project_id, integration_id, connector_id, user_id, status,
      account_id, provider_data, client_id, base_url, sealed_tokens)
    select gen_random_uuid(), project_id, integration_id, connector_id, user_id, status,
      number::text, jsonb_build_object('workspaceId', 'w' || number, 'botId', 'b' || number),
      client_id, base_url, sealed_tokens
    from connections, generate_series(1, 10000) as number
    returning *
  ),
  heard as (select *, gen_random_uuid() as subscription_id from made where account_id::integer <= 100),
  subscribed as (
    insert into subscriptions (id, project_id, integration_id, user_id, connection_id, trigger_id,
      url, sealed_secret)
    select subscription_id, project_id, integration_id, user_id, id, 'page-updated',
      'https://example.com', '' from heard
  ),
  listening as (
    insert into listeners (id, project_id, connection_id, trigger_id, subscription_id)
    select gen_random_uuid(), project_id, id, 'page-updated', subscription_id from heard
  )
  insert into watches (connection_id, project_id, connector_id, since, watermark)
  select id, project_id, connector_id, now(), now()
  from heard`);
await database.pool.query("analyze");
await database.stop();

const accounts = Array.from({ length: 100 }, (_, index) => ({
  workspaceId: `w${index + 1}`,
  botId: `b${index + 1}`,
}));
serveParty({
  facts: { port: tenon.port, path, token, accounts } satisfies IngestTarget,
  stop: tenon.stop,
});
