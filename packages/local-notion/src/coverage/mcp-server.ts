import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** Notion's MCP server as a child process, spoken to as an MCP client does. */
export interface McpServer {
  tools(): Promise<string[]>;
  /** Calls a tool and gives back the JSON it answers with. */
  call(tool: string, args: Record<string, unknown>): Promise<unknown>;
  stop(): Promise<void>;
}

interface Message {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

const require = createRequire(import.meta.url);
const program = require.resolve("@notionhq/notion-mcp-server/bin/cli.mjs");
const protocolVersion = "2025-06-18";

/**
 * Starts the server against a Notion at another address; it reads `BASE_URL` for that.
 *
 * - A server that ends, whatever for, fails all calls that wait for it.
 */
export async function startMcpServer(
  baseUrl: string,
  access: { NOTION_TOKEN: string } | { OPENAPI_MCP_HEADERS: string },
): Promise<McpServer> {
  const child = spawn(process.execPath, [program], {
    env: { BASE_URL: baseUrl, ...access },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  createInterface({ input: child.stdout }).on("line", (line) => {
    // The border to the server: JSON-RPC 2.0, one message a line.
    const message = JSON.parse(line) as Message;
    const asked = waiting.get(message.id ?? -1);
    waiting.delete(message.id ?? -1);
    if (message.error) asked?.reject(new Error(message.error.message));
    else asked?.resolve(message.result);
  });
  child.once("exit", (code) => {
    for (const asked of waiting.values()) asked.reject(new Error(`The server ended: ${code}.`));
  });

  function send(message: object): void {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
  async function request<T>(method: string, params: object): Promise<T> {
    const asked = Promise.withResolvers<unknown>();
    lastId += 1;
    waiting.set(lastId, asked);
    send({ id: lastId, method, params });
    // What a method answers is a matter of the protocol.
    return (await asked.promise) as T;
  }

  await request("initialize", {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: "local-notion", version: "0" },
  });
  send({ method: "notifications/initialized" });
  return {
    tools: async () => {
      const { tools } = await request<{ tools: { name: string }[] }>("tools/list", {});
      return tools.map(({ name }) => name);
    },
    call: async (name, args) => {
      const params = { name, arguments: args };
      const { content } = await request<{ content: { text: string }[] }>("tools/call", params);
      return JSON.parse(content[0]?.text ?? "null");
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
