import type { Instance } from "../instance.ts";
import type { Connection } from "../store/records.ts";

/** Who granted a connection its access, as the token endpoint tells it. */
export function presentOwner({ store }: Instance, connection: Connection): object {
  const person =
    connection.personId === null ? undefined : store.get("people", connection.personId);
  if (!person) return { type: "workspace", workspace: true };
  return {
    type: "user",
    user: {
      object: "user",
      id: person.id,
      name: person.name,
      avatar_url: person.avatarUrl,
      type: "person",
      person: { email: person.email },
    },
  };
}
