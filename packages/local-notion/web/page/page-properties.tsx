import type { Page } from "../api/objects.ts";
import { PropertyValue } from "./property-value.tsx";

/** What is known of an item of a data source besides its title. */
export function PageProperties({ page }: { page: Page }) {
  const shown = Object.entries(page.properties).filter(([, { type }]) => type !== "title");
  if (shown.length === 0) return null;
  return (
    <dl className="properties">
      {shown.map(([name, property]) => (
        <div key={property.id} className="property">
          <dt>{name}</dt>
          <dd>
            <PropertyValue property={property} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
