/** Calls a Local Notion's controls, and its API with a token that is read when it is first needed. */
export function createNotionAccess(
  url: string,
  readToken: (
    control: (method: string, path: string, body?: unknown) => Promise<any>,
  ) => Promise<string>,
) {
  let token: string | undefined;

  async function control(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${url}/_local${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async function api(method: string, path: string, body?: unknown): Promise<any> {
    token ??= await readToken(control);
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "notion-version": "2026-03-11",
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: any = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  return {
    control,
    api,
    /** The next call reads another one. */
    forgetToken: () => void (token = undefined),
  };
}

/** A Local Notion as people work in it, and its controls: for tests of what happens there. */
export async function openWorkspace(url: string) {
  // As the workspace page does: what is done is done by a person.
  const { control, api } = createNotionAccess(
    url,
    async (ask) => (await ask("GET", "/session")).token,
  );
  const { results } = await api("POST", "/search", {
    filter: { property: "object", value: "page" },
  });
  const rootId: string = results.find((one: any) => one.parent.type === "workspace").id;

  return {
    url,
    rootId,
    control,
    api,
    configure: (settings: object) => control("PATCH", "/settings", settings),
    async createPage(title: string, parent: object = { page_id: rootId }): Promise<string> {
      const properties = { title: { title: [{ text: { content: title } }] } };
      return (await api("POST", "/pages", { parent, properties })).id;
    },
    rename: (pageId: string, title: string) =>
      api("PATCH", `/pages/${pageId}`, {
        properties: { title: { title: [{ text: { content: title } }] } },
      }),
    async append(pageId: string, text: string): Promise<string> {
      const children = [{ paragraph: { rich_text: [{ text: { content: text } }] } }];
      const { results: made } = await api("PATCH", `/blocks/${pageId}/children`, { children });
      return made[0].id;
    },
    trash: (pageId: string) => api("PATCH", `/pages/${pageId}`, { in_trash: true }),
    restore: (pageId: string) => api("PATCH", `/pages/${pageId}`, { in_trash: false }),
    /** Everything that waits to be told is told now. */
    flush: () => control("POST", "/webhook-deliveries/flush"),
  };
}

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;

type Manage = (method: string, path: string, body?: unknown) => Promise<any>;

/** Subscribes a project's webhook at Local Notion, as its developer does on both sides. */
export async function subscribe(
  workspace: Workspace,
  { manage, projectId }: { manage: Manage; projectId: string },
): Promise<{ id: string }> {
  const path = `/api/projects/${projectId}/integrations/notion/webhook`;
  const { url } = await manage("GET", path);
  const { id } = await workspace.control("POST", "/webhooks", { url });
  const { handshakes } = await manage("GET", path);
  const { token } = handshakes[0];
  await manage("POST", `${path}/activate`, { token });
  await workspace.control("POST", `/webhooks/${id}/verify`, { verification_token: token });
  return { id };
}
