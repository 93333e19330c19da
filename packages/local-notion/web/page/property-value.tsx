import type { Property } from "../api/objects.ts";
import { Link } from "../parts/link.tsx";
import { When } from "../parts/when.tsx";
import { colorClass } from "../rich-text/appearance.ts";
import { RichTextView } from "../rich-text/rich-text-view.tsx";
import { pageHref } from "../state/router.ts";
import { usePageItem } from "../workspace/use-pages.ts";

/** The value of a property, to read. */
export function PropertyValue({ property }: { property: Property }) {
  switch (property.type) {
    case "title":
      return <RichTextView value={property.title} />;
    case "rich_text":
      return <RichTextView value={property.rich_text} />;
    case "number":
      return property.number;
    case "checkbox":
      return <Tick isOn={property.checkbox} />;
    case "select":
      return property.select && <Option option={property.select} />;
    case "status":
      return property.status && <Option option={property.status} />;
    case "multi_select":
      return <Options options={property.multi_select} />;
    case "date":
      return property.date && <Dates {...property.date} />;
    case "url":
      return property.url && <Link href={property.url}>{property.url}</Link>;
    case "email":
      return property.email && <Link href={`mailto:${property.email}`}>{property.email}</Link>;
    case "phone_number":
      return (
        property.phone_number && (
          <Link href={`tel:${property.phone_number}`}>{property.phone_number}</Link>
        )
      );
    case "people":
      return property.people.map(nameOf).join(", ");
    case "created_by":
      return nameOf(property.created_by);
    case "last_edited_by":
      return nameOf(property.last_edited_by);
    case "created_time":
      return <When time={property.created_time} />;
    case "last_edited_time":
      return <When time={property.last_edited_time} />;
    case "relation":
      return property.relation.map(({ id }) => <Related key={id} id={id} />);
    case "files":
      return property.files.map((file) => <File key={file.name} file={file} />);
    case "formula":
      return <Formula formula={property.formula} />;
    case "rollup":
      return <Rollup rollup={property.rollup} />;
    case "unique_id":
      return uniqueId(property.unique_id);
    case "place":
      return property.place?.name ?? property.place?.address;
    case "verification":
      return property.verification?.state;
    case "button":
      return null;
  }
}

type Valued<Type extends Property["type"]> = Extract<Property, { type: Type }>;
type NamedOption = { id: string; name: string; color: string };

function Option({ option }: { option: NamedOption }) {
  return (
    <span className={`option ${colorClass(`${option.color}_background`)}`}>{option.name}</span>
  );
}

function Options({ options }: { options: readonly NamedOption[] }) {
  return (
    <span className="options">
      {options.map((option) => (
        <Option key={option.id} option={option} />
      ))}
    </span>
  );
}

function Tick({ isOn }: { isOn: boolean }) {
  return <input type="checkbox" checked={isOn} disabled aria-label={isOn ? "Yes" : "No"} />;
}

function Dates({ start, end }: { start: string; end: string | null }) {
  return end === null ? (
    <DateOrTime value={start} />
  ) : (
    <>
      <DateOrTime value={start} /> – <DateOrTime value={end} />
    </>
  );
}

const dayFormat = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const timeFormat = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function DateOrTime({ value }: { value: string }) {
  // A day alone is the same day everywhere; read as a moment it could show as the day before.
  const format = value.includes("T") ? timeFormat : dayFormat;
  return <time dateTime={value}>{format.format(new Date(value))}</time>;
}

function Related({ id }: { id: string }) {
  const title = usePageItem(id)?.title ?? "Untitled";
  return (
    <Link className="related" href={pageHref(id, title)}>
      {title}
    </Link>
  );
}

function File({ file }: { file: Valued<"files">["files"][number] }) {
  const url =
    file.type === "external" ? file.external.url : file.type === "file" ? file.file.url : "";
  return <Link href={url}>{file.name}</Link>;
}

function Formula({ formula }: { formula: Valued<"formula">["formula"] }) {
  switch (formula.type) {
    case "string":
      return formula.string;
    case "number":
      return formula.number;
    case "boolean":
      return <Tick isOn={formula.boolean ?? false} />;
    case "date":
      return formula.date && <Dates {...formula.date} />;
    case "unsupported":
      return null;
  }
}

function Rollup({ rollup }: { rollup: Valued<"rollup">["rollup"] }) {
  switch (rollup.type) {
    case "number":
      return rollup.number;
    case "date":
      return rollup.date && <Dates {...rollup.date} />;
    case "array":
      return `${rollup.array.length} ${rollup.array.length === 1 ? "value" : "values"}`;
    case "unsupported":
      return null;
  }
}

function nameOf(person: Valued<"people">["people"][number]): string {
  return ("name" in person && person.name) || "Somebody";
}

function uniqueId({ prefix, number }: { prefix: string | null; number: number | null }): string {
  return [prefix, number].filter((part) => part !== null).join("-");
}
