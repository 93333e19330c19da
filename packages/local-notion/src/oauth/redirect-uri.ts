import type { App } from "../store/records.ts";

/** Whether an app may send people to this address after they decided. */
export function isAllowedRedirect(app: App, redirectUri: string): boolean {
  if (!URL.canParse(redirectUri) || new URL(redirectUri).hash !== "") return false;
  if (app.redirectUris.includes(redirectUri)) return true;
  return app.allowsLoopbackRedirects && isLoopback(redirectUri);
}

export function isLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (protocol === "http:" || protocol === "https:") && isLoopbackName(hostname);
}

/** Whether a `Host` header names this machine. */
export function isLoopbackHost(host: string): boolean {
  return URL.canParse(`http://${host}`) && isLoopbackName(new URL(`http://${host}`).hostname);
}

/** Names that can only lead to this machine. */
function isLoopbackName(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
