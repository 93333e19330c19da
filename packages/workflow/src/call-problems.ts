import type { Authorization, Step } from "./definition.ts";
import { type Finding, quote } from "./problem.ts";
import { isAlwaysText, literalOf } from "./template.ts";
import { conditionFindings, listFindings } from "./value-problems.ts";

type Call = Extract<Step, { type: "request" | "integrationRequest" }>;
type Named = Call["headers"];

/** What is wrong with what all requests have: headers, body and pagination. */
export function callFindings(step: Call): Finding[] {
  return [
    ...headerFindings(step.headers, "/headers"),
    ...bodyFindings(step),
    ...paginationFindings(step),
  ];
}

/** What is wrong with a request to a URL of one's own: URL and authorization. */
export function requestFindings(step: Extract<Step, { type: "request" }>): Finding[] {
  return [...urlFindings(step.url, "/url"), ...authorizationFindings(step.authorization)];
}

/** Header names that HTTP does not allow (RFC 9110, 5.6.2). */
export function headerFindings(headers: Named, field: string): Finding[] {
  return [...headers.entries()]
    .filter(([, { name }]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name))
    .map(([index, { name }]) => ({
      code: "invalid_header",
      field: `${field}/${index}/name`,
      text: `has the header ${quote(name)}. Names have letters, digits and dashes, and no references.`,
    }));
}

function urlFindings(url: string, field: string): Finding[] {
  const literal = literalOf(url);
  if (literal === undefined) return [];
  const protocol = URL.canParse(literal) ? new URL(literal).protocol : undefined;
  if (protocol === "https:" || protocol === "http:") return [];
  const text = `has ${quote(literal)} for a URL. Give one that starts with https://.`;
  return [{ code: "invalid_url", field, text }];
}

function bodyFindings({ bodyType, body, method }: Call): Finding[] {
  if (bodyType === "none") {
    const text = "has a body but sends none. Choose a body type or remove the body.";
    return body === undefined ? [] : [unused(text)];
  }
  if (body === undefined) {
    const text = `sends ${bodyType} but has no body. Give it one, or choose no body.`;
    return [{ code: "missing_body", field: "/body", text }];
  }
  const wrong = checkBody(bodyType, body);
  if (wrong !== undefined) return [{ code: "invalid_body", field: "/body", text: wrong }];
  if (method !== "GET" && method !== "HEAD") return [];
  return [
    unused(`sends a body with ${method}, which servers ignore. Use another method or no body.`),
  ];
}

function unused(text: string): Finding {
  return { code: "unused_body", field: "/body", text, severity: "warning" };
}

function checkBody(
  bodyType: Exclude<Call["bodyType"], "none">,
  body: Call["body"],
): string | undefined {
  const isText = typeof body === "string";
  switch (bodyType) {
    case "json":
      return undefined;
    case "form-data":
    case "urlencoded": {
      const isFields = isText
        ? !isAlwaysText(body)
        : typeof body === "object" && body !== null && !Array.isArray(body);
      return isFields ? undefined : `sends ${bodyType}, but its body is no object of fields.`;
    }
    case "xml":
    case "raw":
      return isText ? undefined : `sends ${bodyType}, but its body is no text.`;
    default:
      return bodyType satisfies never;
  }
}

function paginationFindings({ pagination }: Call): Finding[] {
  if (pagination === undefined) return [];
  const { items, stopWhen } = pagination;
  return [
    ...listFindings(items, "/pagination/items"),
    ...(stopWhen === undefined ? [] : conditionFindings(stopWhen, "/pagination/stopWhen")),
  ];
}

function authorizationFindings(authorization: Authorization): Finding[] {
  const field = "/authorization";
  switch (authorization.type) {
    case "none":
      return [];
    case "bearer":
      return required(authorization.token, `${field}/token`, "a token");
    case "basic":
      return required(authorization.username, `${field}/username`, "a user name");
    case "query":
      return authorization.params.length > 0 ? [] : [lacks(`${field}/params`, "a query parameter")];
    case "header":
      return authorization.headers.length > 0
        ? headerFindings(authorization.headers, `${field}/headers`)
        : [lacks(`${field}/headers`, "a header")];
    case "oauthClientCredentials":
      return [
        ...urlFindings(authorization.tokenUrl, `${field}/tokenUrl`),
        ...required(authorization.clientId, `${field}/clientId`, "a client id"),
        ...required(authorization.clientSecret, `${field}/clientSecret`, "a client secret"),
      ];
    default:
      return authorization satisfies never;
  }
}

function required(value: string, field: string, what: string): Finding[] {
  return value.trim() === "" ? [lacks(field, what)] : [];
}

function lacks(field: string, what: string): Finding {
  return {
    code: "invalid_authorization",
    field,
    text: `has an authorization without ${what}. Add it.`,
  };
}
