import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { useBlock, useOpenPage } from "../document/use-page-document.ts";
import { caretLeft, isAtEdge } from "../rich-text/caret.ts";
import { RichTextField } from "../rich-text/rich-text-field.tsx";

/** A table whose cells are edited in place. */
export function TableBlock({ node, block }: { node: BlockNode; block: BlockOf<"table"> }) {
  const { has_column_header: headed, has_row_header: named } = block.table;
  const rows = node.children.map((key, index) => (
    <Row key={key} blockKey={key} isHeader={headed && index === 0} hasName={named} />
  ));
  return (
    <div className="table-scroll">
      <table className="table">
        {headed && <thead>{rows[0]}</thead>}
        <tbody>{headed ? rows.slice(1) : rows}</tbody>
      </table>
    </div>
  );
}

function Row(props: { blockKey: string; isHeader: boolean; hasName: boolean }) {
  const { blockKey, isHeader, hasName } = props;
  const node = useBlock(blockKey);
  if (node?.block.type !== "table_row") return null;
  return (
    <tr>
      {node.block.table_row.cells.map((_, column) => {
        const isName = hasName && column === 0;
        if (!isHeader && !isName) return <td key={column}>{cell(node, column)}</td>;
        return (
          <th key={column} scope={isHeader ? "col" : "row"}>
            {cell(node, column)}
          </th>
        );
      })}
    </tr>
  );
}

function cell(node: BlockNode, column: number) {
  return <Cell node={node} column={column} />;
}

function Cell({ node, column }: { node: BlockNode; column: number }) {
  const { document, fields, readOnly } = useOpenPage();
  const key = `${node.key}:${column}`;
  if (node.block.type !== "table_row") return null;
  return (
    <RichTextField
      value={node.block.table_row.cells[column] ?? []}
      label={`Cell, column ${column + 1}`}
      fieldKey={key}
      fields={fields}
      readOnly={readOnly}
      onChange={(text) => document.setCell(node.key, column, text)}
      onLeave={() => document.outbox.flush()}
      onKey={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        const up = event.key === "ArrowUp";
        if (!isAtEdge(event.currentTarget, up ? "first" : "last")) return;
        if (fields.cross(key, up ? -1 : 1, caretLeft())) event.preventDefault();
      }}
    />
  );
}
