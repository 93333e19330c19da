/** The id of the page that an address of this page names, dashed. */
export function pageIdIn(pathname: string): string | undefined {
  const id = /^\/p\/(?:[^/]*-)?([0-9a-f]{32})\/?$/i.exec(pathname)?.[1];
  return id === undefined ? undefined : toDashed(id.toLowerCase());
}

function toDashed(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
