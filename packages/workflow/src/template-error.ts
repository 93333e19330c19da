/** A text whose `{{…}}` cannot be read, or JSON that is nested too deeply to be read. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** Where in the text, counted in UTF-16 code units from 0. */
  readonly offset: number;
  /** JSON pointer of the text inside the value that was read; empty for the value itself. */
  readonly pointer: string;

  constructor(message: string, offset: number, pointer = "") {
    super(message);
    this.offset = offset;
    this.pointer = pointer;
  }
}
