import { Pool } from "undici";

/** Three authenticated requests, each with a key that tells repeats apart. */
export function createThreeSteps(receiverUrl: string) {
  const pool = new Pool(receiverUrl, { connections: 256, pipelining: 1 });
  return ["/v1/one", "/v1/two", "/v1/three"].map(
    (path) =>
      async (key: string): Promise<unknown> => {
        const answer = await pool.request({
          path,
          method: "POST",
          headers: {
            authorization: "Bearer ntn_benchmark",
            "content-type": "application/json",
            "idempotency-key": key + path,
          },
          body: '{"some":"input"}',
        });
        return answer.body.json();
      },
  );
}
