import { StepFailure } from "../step-failure.ts";

/** Reads the URL of a request; refuses what is not http or https, and user names in it. */
export function parseTarget(text: string): URL {
  if (!URL.canParse(text)) {
    const shown = text.split("?", 1)[0]?.slice(0, 200);
    throw new StepFailure(
      "invalid_input",
      `"${shown}" is no URL. Give a full one, such as https://example.com/path.`,
    );
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new StepFailure("target_refused", `${url.protocol} cannot be asked for; use https.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new StepFailure(
      "invalid_input",
      `The URL of ${url.host} holds a user name. Use the step's authorization instead.`,
    );
  }
  return url;
}

/** How a URL is named in messages: its query may hold secrets. */
export function nameTarget({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.slice(0, 300);
}
