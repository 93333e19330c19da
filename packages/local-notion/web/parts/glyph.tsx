const paths = {
  add: "M8 3.5v9M3.5 8h9",
  archive: "M2.5 3.5h11v3h-11zM3.5 6.5v6h9v-6M6.5 9h3",
  arrow: "M6 3.5 10.5 8 6 12.5",
  audio: "M3 6.5v3h2l3 2.5v-8l-3 2.5zM10.5 6a3 3 0 0 1 0 4M12 4a6 6 0 0 1 0 8",
  bullet: "M6.5 4h7M6.5 8h7M6.5 12h7M3 4h.01M3 8h.01M3 12h.01",
  callout: "M2.5 3.5h11v7.5H8L5 13.5V11H2.5z",
  check: "m3.5 8.5 3 3 6-7",
  close: "m4 4 8 8M12 4l-8 8",
  code: "m5.5 4.5-3 3.5 3 3.5M10.5 4.5l3 3.5-3 3.5",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  database: "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
  divider: "M2.5 8h11",
  file: "M4 2.5h5L12 5.5v8H4zM9 2.5v3h3",
  grip: "M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01",
  heading: "M4 3.5v9M12 3.5v9M4 8h8",
  home: "m2.5 7.5 5.5-5 5.5 5M4 6.5v7h8v-7",
  image: "M2.5 3.5h11v9h-11zM3 11.5 6.5 8l2.5 2.5 2-2 2 2M10.5 6h.01",
  link: "M7 9a2.5 2.5 0 0 0 3.5 0l2-2A2.5 2.5 0 0 0 9 3.500l-.7.7M9 7a2.5 2.5 0 0 0-3.5 0l-2 2A2.5 2.5 0 0 0 7 12.500l.7-.7",
  locked: "M4 7.500h8v6H4zM5.5 7.500V5.500a2.5 2.5 0 0 1 5 0v2",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  number: "M6.5 4h7M6.5 8h7M6.5 12h7M2.5 3l1-.500V5.500M2.5 10h1.500l-1.5 2.500h1.5",
  page: "M4 2.500h5.500L12 5v8.500H4zM6 7h4M6 10h4",
  plug: "M6 2.500v3M10 2.500v3M4 5.500h8v2.500a4 4 0 0 1-8 0zM8 12v2",
  quote: "M3 4v8M6.5 5h7M6.5 8h7M6.5 11h4",
  search: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.7 10.700l3 3",
  send: "M13.500 2.500 2 6.500l4.500 2.500 2.500 4.500zM6.500 9l2.500-2.500",
  text: "M3 4h10M8 4v8.5",
  todo: "M2.5 2.500h11v11h-11zM5 8l2 2 4-4.5",
  toggle: "m3 4 3 2.500L3 9zM8.5 6.500h5M8.5 11.500h5",
  trash: "M3 4.500h10M6 4.500v-2h4v2M4.5 4.500l.5 9h6l.5-9",
  undo: "M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H7",
  video: "M2.5 4h7.500v8H2.500zM10 7l3.5-2v6L10 9z",
  warning: "M8 2.5 14 13H2zM8 6.500v3M8 11.300h.01",
} as const;

export type GlyphName = keyof typeof paths;

/** One of the page's own line icons. It says nothing to a screen reader: what holds it has a name. */
export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg className="glyph" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
