/** What tests ask of Local Notion behind its API. */
export function controlLocalNotion(url: string) {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  };
  return {
    /** People of the workspace: each grants an account of its own. */
    people: async () => (await call("GET", "/_local/people")) as { id: string; name: string }[],
    /** Whether the provider accepts a token. */
    async accepts(accessToken: string): Promise<boolean> {
      const response = await fetch(`${url}/v1/users/me`, {
        headers: { authorization: `Bearer ${accessToken}`, "notion-version": "2026-03-11" },
      });
      await response.body?.cancel();
      return response.status === 200;
    },
    /** Makes calls of a path end badly: all of them, or the next `times`. */
    setFault: (path: string, outcome: object, times?: number) =>
      // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's word for the outcome
      call("POST", "/_local/faults", { method: "POST", path, times, then: outcome }),
    clearFaults: () => call("DELETE", "/_local/faults"),
    setSettings: (settings: object) => call("PATCH", "/_local/settings", settings),
    /** Calls of a path since the start or the last `forgetCalls`. */
    async countCalls(path: string): Promise<number> {
      const log = (await call("GET", "/_local/requests")) as { path: string }[];
      return log.filter((entry) => entry.path === path).length;
    },
    forgetCalls: () => call("DELETE", "/_local/requests"),
    accounts: async () => (await call("GET", "/_local/connections")) as { id: string }[],
    /** What a person does in Notion's settings. */
    takeAccessAway: (accountId: string) => call("DELETE", `/_local/connections/${accountId}`),
  };
}

export const tokenPath = "/v1/oauth/token";
export const revokePath = "/v1/oauth/revoke";
