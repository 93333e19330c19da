/** Stands in a list's place while it is read. */
export function RowSkeletons() {
  return (
    <div className="rows">
      <output className="visually-hidden">Loading</output>
      {[1, 2, 3, 4].map((row) => (
        <div key={row} className="row">
          <div className="skeleton" />
        </div>
      ))}
    </div>
  );
}
