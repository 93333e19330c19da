const { stringify } = JSON;
const maxMessage = 4_000;
const maxFrames = 20;
const maxStack = 8_000;

function textOf(error: object, name: string): string {
  const value = Reflect.get(error, name);
  return value === undefined ? "" : String(value);
}

/** Frames of what was put around the code say nothing to who wrote it. */
function frames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.includes("tenon:"))
    .slice(0, maxFrames)
    .join("\n");
}

export interface ErrorDescription {
  name: string;
  message: string;
  stack: string;
}

/** Tells whatever was thrown. Never throws for what it is given. */
export function describeError(thrown: unknown): ErrorDescription {
  try {
    if (typeof thrown !== "object" || thrown === null) {
      return { name: "", message: String(thrown).slice(0, maxMessage), stack: "" };
    }
    const isError = thrown instanceof Error || "message" in thrown;
    const message = isError ? textOf(thrown, "message") : stringify(thrown);
    return {
      name: isError ? textOf(thrown, "name").slice(0, 200) : "",
      message: message.slice(0, maxMessage),
      stack: frames(textOf(thrown, "stack")).slice(0, maxStack),
    };
  } catch {
    return { name: "", message: "something that cannot be described", stack: "" };
  }
}
