const id = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|task_[0-9a-f]{32}|title)$/;

/** A request as the tables name it: `GET pages/{}/properties/{}`. */
export function toEndpoint(method: string, url: string): string {
  const { pathname } = new URL(url);
  const parts = pathname.replace(/^\/v1\//, "").split("/");
  return `${method.toUpperCase()} ${parts.map((part) => (id.test(part) ? "{}" : part)).join("/")}`;
}
