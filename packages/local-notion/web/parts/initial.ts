const segmenter = new Intl.Segmenter();

/** The first character of a name, as people count characters. */
export function initialOf(name: string): string {
  const [first] = segmenter.segment(name);
  return first?.segment.toUpperCase() ?? "?";
}
