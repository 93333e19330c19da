import { ProviderError } from "@tenon/connector";
import * as z from "zod";

const Saved = z.looseObject({
  additional_data: z.looseObject({ committed_resource_id: z.string() }),
});

/**
 * What was made, also where Notion had a fault after it saved it: its error then names what it has
 * saved, and `read` reads that.
 */
export async function orSaved<T>(answer: Promise<T>, read: (id: string) => Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { data } = Saved.safeParse(error instanceof ProviderError ? error.body : undefined);
    if (!data) throw error;
    return read(data.additional_data.committed_resource_id);
  }
}
