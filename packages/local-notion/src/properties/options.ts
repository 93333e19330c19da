import { newUuid } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { selectColors } from "../rich-text/colors.ts";
import { looseObject, union } from "../validate/composites.ts";
import { nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { ValuePlace } from "./property-type.ts";

export interface Option {
  id: string;
  name: string;
  color: string;
  description: string | null;
}

const rest = {
  color: optional(oneOf(selectColors)),
  description: optional(nullable(string())),
};

/** An option of a select as a value names it: by id, or by a name that may be new. */
export const optionRequest = union(
  looseObject({ name: string({ min: 1, max: 100 }), id: optional(string()), ...rest }),
  looseObject({ id: string(), name: optional(string({ max: 100 })), ...rest }),
);
export type OptionRequest = Infer<typeof optionRequest>;

type ColumnPlace = Omit<ValuePlace, "page">;

/** The options of a column as they are now: a value stored just before may have added one. */
export function optionsOf({ column, view, sourceId }: ColumnPlace): Option[] {
  const source = view.store.get("nodes", sourceId ?? "");
  const current = source?.kind === "data_source" ? source.schema : [];
  const config = current.find(({ id }) => id === column.id)?.config ?? column.config;
  // Options are written by the schema's own operations and by `addOption` only.
  return (config["options"] ?? []) as Option[];
}

export function storeSelect(request: OptionRequest | null, place: ColumnPlace): string | null {
  return request ? (findOption(request, place) ?? addOption(request, place)).id : null;
}

export function storeMultiSelect(request: OptionRequest[], place: ColumnPlace): string[] {
  const ids = request.map((one) => (findOption(one, place) ?? addOption(one, place)).id);
  return [...new Set(ids)];
}

/** A status must exist already: options belong to groups, which a value does not name. */
export function storeStatus(request: OptionRequest | null, place: ColumnPlace): string | null {
  if (!request) return null;
  const option = findOption(request, place);
  if (option) return option.id;
  throw NotionError.validation(
    `Status option "${request.name ?? request.id}" does not exist in property "${place.column.name}".`,
  );
}

export function presentOption(stored: string | null, place: ColumnPlace): object | null {
  const option = optionsOf(place).find(({ id }) => id === stored);
  return option ? { id: option.id, name: option.name, color: option.color } : null;
}

function findOption(request: OptionRequest, place: ColumnPlace): Option | undefined {
  return optionsOf(place).find((option) =>
    request.id === undefined
      ? option.name.toLowerCase() === request.name?.toLowerCase()
      : option.id === request.id,
  );
}

/** Writes a name seen for the first time into the column, as Notion does. */
function addOption(request: OptionRequest, place: ColumnPlace): Option {
  if (request.name === undefined) {
    throw NotionError.validation(`Option with id ${request.id} does not exist.`);
  }
  if (request.name.includes(",")) {
    throw NotionError.validation(`Invalid select option, commas not allowed: ${request.name}`);
  }
  const options = optionsOf(place);
  const option: Option = {
    id: newUuid(),
    name: request.name,
    color: request.color ?? colorFor(options.length),
    description: request.description ?? null,
  };
  setOptions(place, [...options, option]);
  return option;
}

function setOptions({ column, view, sourceId }: ColumnPlace, options: Option[]): void {
  const source = view.store.get("nodes", sourceId ?? "");
  if (source?.kind !== "data_source") return;
  const schema = source.schema.map((one) =>
    one.id === column.id ? { ...one, config: { ...one.config, options } } : one,
  );
  view.store.put("nodes", { ...source, schema });
}

export function colorFor(index: number): string {
  return selectColors[index % selectColors.length] ?? "default";
}

/** The options of a column after a change that lists them; those it leaves out are gone. */
export function mergeOptions(
  before: readonly Option[],
  change: readonly OptionRequestPart[] | undefined,
): Option[] {
  if (!change) return [...before];
  return change.map((part, index) => {
    const known = before.find(({ id, name }) =>
      part.id === undefined ? name === part.name : id === part.id,
    );
    return {
      id: known?.id ?? part.id ?? newUuid(),
      name: part.name ?? known?.name ?? "",
      color: part.color ?? known?.color ?? colorFor(index),
      description: part.description === undefined ? (known?.description ?? null) : part.description,
    };
  });
}

type OptionRequestPart = Partial<Pick<Option, "id" | "name" | "color" | "description">>;
