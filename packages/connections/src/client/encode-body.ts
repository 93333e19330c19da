/** A request's body, and the type that goes with it where only its encoding knows it. */
export interface EncodedBody {
  bytes: string | Uint8Array | null;
  contentType: string | undefined;
}

/** A form becomes bytes: they can be sent again, and their length is known. */
export async function encodeBody(
  body: string | Uint8Array | FormData | undefined,
): Promise<EncodedBody> {
  if (!(body instanceof FormData)) return { bytes: body ?? null, contentType: undefined };
  const encoded = new Response(body);
  const contentType = encoded.headers.get("content-type") ?? undefined;
  return { bytes: await encoded.bytes(), contentType };
}
