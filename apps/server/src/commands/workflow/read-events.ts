export interface SentEvent {
  id: string;
  name: string;
  /** JSON, parsed. */
  data: unknown;
}

/** Reads server-sent events: fields of the HTML standard, section 9.2.6, that Tenon sends. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<SentEvent> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    rest += text;
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = readBlock(block);
      if (event) yield event;
    }
  }
}

function readBlock(block: string): SentEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    if (name !== "") fields.set(name, value);
  }
  const data = fields.get("data");
  if (data === undefined) return undefined;
  return {
    id: fields.get("id") ?? "",
    name: fields.get("event") ?? "message",
    data: JSON.parse(data) as unknown,
  };
}
