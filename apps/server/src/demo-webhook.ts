import type { IntegrationStore } from "@tenon/postgres";
import type { WebhookSettings } from "@tenon/triggers";
import * as z from "zod";
import type { Config } from "./config.ts";

interface Options {
  config: Config;
  /** Where Tenon listens. */
  port: number;
  projectId: string;
  localNotionUrl: string;
  services: { integrations: IntegrationStore; webhookSettings: WebhookSettings };
}

const Subscription = z.object({ id: z.string(), url: z.string(), status: z.string() });

/**
 * Subscribes the demo project's webhook at Local Notion, as a developer does on both sides: what
 * happens in its workspace is told at once. A subscription that stands is left alone.
 */
export async function subscribeDemoWebhook(options: Options): Promise<void> {
  const { projectId, services, localNotionUrl } = options;
  const integration = await services.integrations.find(projectId, "notion");
  if (integration === undefined) return;
  const key = { projectId, integrationId: integration.id };
  const path = `/webhooks/${integration.id}`;
  const url = addressOf(options) + path;
  const known = z.array(Subscription).parse(await ask(localNotionUrl, "GET", ""));
  const own = known.filter((one) => one.url.endsWith(path));
  const { isActive } = await services.webhookSettings.show(key);
  if (isActive && own.some((one) => one.url === url && one.status === "active")) return;
  for (const { id } of own) await ask(localNotionUrl, "DELETE", `/${id}`);
  const { id } = Subscription.parse(await ask(localNotionUrl, "POST", "", { url }));
  const { handshakes } = await services.webhookSettings.show(key);
  const [newest] = handshakes;
  if (newest === undefined) throw new Error(`Local Notion's handshake did not reach ${url}.`);
  const { token } = newest;
  await services.webhookSettings.activate(key, { token, forApp: true });
  await ask(localNotionUrl, "POST", `/${id}/verify`, { verification_token: token });
}

/** How this machine reaches Tenon. */
function addressOf({ config, port }: Options): string {
  if (config.tls) return config.url;
  const isAny = ["0.0.0.0", "::", "localhost"].includes(config.host);
  const host = isAny ? "127.0.0.1" : config.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function ask(
  localNotionUrl: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<unknown> {
  const url = `${localNotionUrl}/_local/webhooks${path}`;
  const answer = await fetch(url, {
    method,
    ...(body && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
