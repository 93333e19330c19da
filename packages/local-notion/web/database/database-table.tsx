import { useState } from "react";
import type { Page } from "../api/objects.ts";
import { messageOf } from "../api/request.ts";
import { Link } from "../parts/link.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { PropertyValue } from "../page/property-value.tsx";
import { pageHref } from "../state/router.ts";
import { shownTitle, titleOf } from "../workspace/page-item.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { type DatabaseItems, useDatabase } from "./use-database.ts";

/** The items of a database; nothing where it cannot be read. */
export function DatabaseTable({ id }: { id: string }) {
  const state = useDatabase(id);
  switch (state.status) {
    case "loading":
    case "missing":
      return null;
    case "failed":
      return <p className="muted-line">{state.problem}</p>;
    case "ready":
      return <DatabaseTables tables={state.value.tables} />;
  }
}

/** One table for each of a database's data sources. */
export function DatabaseTables({ tables }: { tables: readonly DatabaseItems[] }) {
  return tables.map((table) => (
    <ItemTable key={table.dataSource.id} items={table} isNamed={tables.length > 1} />
  ));
}

function ItemTable({ items, isNamed }: { items: DatabaseItems; isNamed: boolean }) {
  const { dataSource } = items;
  const { rows, hasMore, showMore } = useMoreRows(items);
  const properties = Object.values(dataSource.properties);
  const columns = [
    ...properties.filter(({ type }) => type === "title"),
    ...properties.filter(({ type }) => type !== "title"),
  ];
  const title = shownTitle(dataSource.title);
  return (
    <section className="items" aria-label={title}>
      {isNamed && <h3>{title}</h3>}
      <div className="table-scroll">
        <table className="item-table">
          <thead>
            <tr>
              {columns.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map(({ id, name, type }) => (
                  <td key={id}>
                    {type === "title" ? <RowLink row={row} /> : <Value row={row} name={name} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p className="muted-line">No items yet.</p>}
      {hasMore && (
        <button type="button" className="quiet-button" onClick={() => void showMore()}>
          Show more
        </button>
      )}
    </section>
  );
}

function useMoreRows({ dataSource, rows, cursor }: DatabaseItems) {
  const { api, notices } = useWorkspace();
  const [more, setMore] = useState<{ after: string | null; rows: Page[]; cursor: string | null }>();
  // Rows read behind an older first part would leave gaps: they go when that part is another one.
  const current = more?.after === cursor ? more : undefined;
  const next = current ? current.cursor : cursor;
  const showMore = async () => {
    try {
      const part = await api.queryDataSource(dataSource.id, next ?? undefined);
      const added = [...(current?.rows ?? []), ...part.results];
      setMore({ after: cursor, rows: added, cursor: part.next_cursor });
    } catch (error) {
      notices.tellError(messageOf(error));
    }
  };
  return { rows: [...rows, ...(current?.rows ?? [])], hasMore: next !== null, showMore };
}

function RowLink({ row }: { row: Page }) {
  const title = shownTitle(titleOf(row));
  return (
    <Link className="row-link" href={pageHref(row.id, title)}>
      <PageIcon icon={row.icon} kind="page" />
      <span>{title}</span>
    </Link>
  );
}

function Value({ row, name }: { row: Page; name: string }) {
  const property = row.properties[name];
  return property ? <PropertyValue property={property} /> : null;
}
