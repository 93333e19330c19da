import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { parseId } from "../ids.ts";
import { choosePerson, listPeople, readOwnerId, type User } from "../people/users.ts";
import { propertyFault } from "./property-fault.ts";
import { PropertySchemas, type PropertySchema } from "./property-schema.ts";

/** What it takes to find what a plain value names. Each list is read at most once. */
export interface Lookups {
  /** The id of the person a value names: by id, e-mail address, name or `me`. */
  personId(value: unknown, schema: PropertySchema): Promise<string>;
  /** The properties of another data source, such as a related one. */
  properties(dataSourceId: string): Promise<PropertySchemas>;
}

const WithId = z.looseObject({ id: z.string() });
const DataSource = z.looseObject({ properties: PropertySchemas });

/** Lookups with one connection's eyes, for one run of an action. */
export function createLookups(client: ActionClient): Lookups {
  let people: Promise<User[]> | undefined;
  const schemas = new Map<string, Promise<PropertySchemas>>();
  return {
    async personId(value, schema) {
      const text = WithId.safeParse(value).data?.id ?? value;
      if (typeof text !== "string") throw propertyFault(schema, value, personAdvice);
      const id = parseId(text);
      if (id !== undefined) return id;
      if (text.trim() === "me") return readOwnerId(client);
      people ??= listPeople(client);
      const refuse = (advice: string) => propertyFault(schema, text, advice);
      return choosePerson(await people, text, refuse).id;
    },
    properties(dataSourceId) {
      const known =
        schemas.get(dataSourceId) ??
        client
          .request("GET", `/v1/data_sources/${dataSourceId}`, { returns: DataSource })
          .then(({ properties }) => properties);
      schemas.set(dataSourceId, known);
      return known;
    },
  };
}

const personAdvice = "write a person's id, e-mail address or name.";
