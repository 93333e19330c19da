/** Stands in a page's place while it is read. */
export function PageSkeleton() {
  return (
    <div className="page skeleton-page">
      <output className="visually-hidden">Loading the page</output>
      <div className="skeleton skeleton-title" />
      {[92, 100, 78, 96, 60].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
