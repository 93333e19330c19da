import { management } from "@tenon/contract";
import { readClientConfig } from "../../config.ts";
import { readDemo } from "../../demo-file.ts";
import { UsageError } from "../usage.ts";
import { ApiError, type ApiClient, createApiClient } from "./api-client.ts";

/** Where to call, as options of a command. */
export interface Where {
  url?: string | undefined;
  key?: string | undefined;
  project?: string | undefined;
}

/** The client of the project that is meant: by options, else by environment, else the demo project. */
export async function openClient(where: Where): Promise<ApiClient> {
  const config = readClientConfig();
  const demo = await readDemo(config.dataDir);
  const url = (where.url ?? config.url ?? demo?.url)?.replace(/\/+$/, "");
  const apiKey = where.key ?? config.apiKey ?? demo?.apiKey;
  if (url === undefined || apiKey === undefined) {
    throw new UsageError(
      "Say where Tenon runs and with which API key: --url and --key, or TENON_URL and TENON_API_KEY. " +
        "Without them the demo project of the data folder serves, and there is none.",
    );
  }
  const own = apiKey === demo?.apiKey ? demo.projectId : undefined;
  const projectId = where.project ?? own ?? (await findProject(url, apiKey));
  return createApiClient({ url, apiKey, projectId });
}

/** The one project that the API key sees. */
async function findProject(url: string, apiKey: string): Promise<string> {
  const client = createApiClient({ url, apiKey, projectId: "" });
  const { projects } = await client.call(management.listProjects);
  const [only, ...others] = projects;
  if (!only) throw new ApiError("The API key sees no project.");
  if (others.length === 0) return only.id;
  const names = projects.map(({ id, title }) => `  ${id}  ${title}`);
  throw new UsageError(`Say which project: --project <Project ID>.\n${names.join("\n")}`);
}
