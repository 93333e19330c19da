/** Whether an origin is covered by a project's allowed origins (see `AllowedOrigin` of the contract). */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  const asked = parseOrigin(origin);
  return asked !== undefined && allowed.some((pattern) => covers(pattern, asked));
}

interface Origin {
  scheme: string;
  host: string;
  port: string;
}

function parseOrigin(text: string): Origin | undefined {
  const parsed = /^(https?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text);
  if (!parsed) return undefined;
  const [, scheme = "", host = "", port] = parsed;
  return {
    scheme: scheme.toLowerCase(),
    host: host.toLowerCase(),
    port: port ?? defaultPort(scheme),
  };
}

function covers(pattern: string, asked: Origin): boolean {
  const parsed = /^(https?):\/\/(\*\.)?([a-z0-9.-]+)(?::(\d{1,5}|\*))?$/.exec(pattern);
  if (!parsed) return false;
  const [, scheme = "", wildcard, host = "", port] = parsed;
  if (scheme !== asked.scheme) return false;
  if (port !== "*" && (port ?? defaultPort(scheme)) !== asked.port) return false;
  return wildcard ? asked.host.endsWith(`.${host}`) : asked.host === host;
}

function defaultPort(scheme: string): string {
  return scheme.toLowerCase() === "https" ? "443" : "80";
}
