import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Customers' pages of any origin call the SDK's endpoints. They send a bearer token and never
 * cookies, so naming every origin gives a stranger's page nothing that it could not ask without
 * a browser.
 */
export const anyOriginHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
};

/** Answers a preflight: any method, and the headers that were asked for. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = request.headers["access-control-request-headers"];
  response.writeHead(204, {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    ...(asked !== undefined && { "access-control-allow-headers": asked }),
    "access-control-max-age": "7200",
    vary: "access-control-request-headers",
  });
  response.end();
}
