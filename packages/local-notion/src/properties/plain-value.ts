import { toMinute } from "../clock.ts";
import { plainTextOf, type DateValue, type RichText } from "../rich-text/rich-text.ts";
import { computeFormula } from "./formula.ts";
import { optionsOf } from "./options.ts";
import { fromComputed, type PlainValue } from "./plain.ts";
import type { ValuePlace } from "./property-type.ts";
import { relatedPages } from "./relation.ts";
import { computeRollup } from "./rollup.ts";
import { storedValue } from "./stored-value.ts";

/** What a page has in a column, reduced to one of a few kinds. */
export function plainValue(place: ValuePlace): PlainValue {
  const { column, page } = place;
  const stored = storedValue(page, column);
  switch (column.type) {
    case "title":
    case "rich_text":
      return { kind: "text", text: plainTextOf(stored as RichText[]) };
    case "url":
    case "email":
    case "phone_number":
      return { kind: "text", text: (stored as string | null) ?? "" };
    case "number":
    case "unique_id":
      return { kind: "number", number: stored as number | null };
    case "checkbox":
      return { kind: "checkbox", checked: stored as boolean };
    case "date":
      return { kind: "date", date: stored as DateValue | null };
    case "created_time":
      return { kind: "date", date: instant(toMinute(page.createdTime)) };
    case "last_edited_time":
      return { kind: "date", date: instant(toMinute(page.editedTime)) };
    case "formula":
      return fromComputed(computeFormula(place, plainValue));
    case "rollup":
      return fromComputed(computeRollup(place, plainValue));
    case "verification":
      return { kind: "text", text: (stored as { state: string }).state };
    default:
      return { kind: "items", items: itemsOf(place, stored) };
  }
}

function itemsOf(place: ValuePlace, stored: unknown): { id: string; name: string }[] {
  const { column, page, view } = place;
  switch (column.type) {
    case "select":
    case "status":
    case "multi_select": {
      const ids = [stored].flat();
      const options = optionsOf(place);
      // In the order of the value, as options were chosen.
      return ids.flatMap((id) => options.filter((option) => option.id === id));
    }
    case "people":
      return (stored as string[]).map((id) => person(id));
    case "created_by":
      return [person(page.createdBy)];
    case "last_edited_by":
      return [person(page.editedBy)];
    case "relation":
      return relatedPages(stored as string[], view).map(({ id, properties }) => ({
        id,
        name: plainTextOf((properties["title"]?.value ?? []) as RichText[]),
      }));
    case "files":
      return (stored as { name: string }[]).map(({ name }) => ({ id: name, name }));
    default:
      return [];
  }

  function person(id: string): { id: string; name: string } {
    return { id, name: view.store.get("people", id)?.name ?? "" };
  }
}

function instant(start: string): DateValue {
  return { start, end: null, time_zone: null };
}
