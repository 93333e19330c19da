import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** One change of one record: table, id and the record's new content, absent when removed. */
export type Change = [table: string, id: string, record?: object];

const fsyncEveryMs = 1_000;
const compactAboveBytes = 16 * 1024 * 1024;

/**
 * The file behind a workspace: one line for each committed batch of changes.
 *
 * - A batch is handed to the operating system before its request is answered, so `kill -9` loses
 *   nothing that was answered.
 * - It is forced to the disk within a second and on close; power loss may cost that second.
 * - A line cut short by a crash is the last one; it was never answered, and is dropped on reading.
 * - Compaction writes a new file beside it, forces it to the disk and renames it into place, so
 *   there is a whole file at every moment.
 */
export class Journal {
  readonly #path: string;
  #file: number;
  #bytes: number;
  #compactAt = compactAboveBytes;
  #unsynced = false;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
    this.#file = openSync(path, "a", 0o600);
    this.#timer = setInterval(() => this.#sync(), fsyncEveryMs);
    this.#timer.unref();
  }

  /** Opens a journal and gives back every batch in it. */
  static open(path: string): { journal: Journal; batches: Change[][] } {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return { journal: new Journal(path, 0), batches: [] };
    const content = readFileSync(path);
    const whole = content.subarray(0, content.lastIndexOf(0x0a) + 1);
    if (whole.length < content.length) truncateSync(path, whole.length);
    const lines = whole.toString("utf8").split("\n").filter(Boolean);
    const batches = lines.map((line, index) => parseBatch(line, `${path}:${index + 1}`));
    return { journal: new Journal(path, whole.length), batches };
  }

  /** Whether so much was written since the last compaction that another one pays. */
  get isLong(): boolean {
    return this.#bytes > this.#compactAt;
  }

  append(batch: Change[]): void {
    const line = Buffer.from(`${JSON.stringify(batch)}\n`);
    writeSync(this.#file, line);
    this.#bytes += line.length;
    this.#unsynced = true;
  }

  /** Replaces the file by the records as they are now. */
  compact(records: Iterable<Change>): void {
    const temporary = `${this.#path}.new`;
    const file = openSync(temporary, "w", 0o600);
    let bytes = 0;
    for (const change of records) bytes += writeSync(file, `${JSON.stringify([change])}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, "a", 0o600);
    this.#bytes = bytes;
    this.#compactAt = Math.max(compactAboveBytes, bytes * 4);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#sync();
    closeSync(this.#file);
  }

  #sync(): void {
    if (!this.#unsynced) return;
    this.#unsynced = false;
    fdatasyncSync(this.#file);
  }
}

function parseBatch(line: string, where: string): Change[] {
  try {
    const batch: unknown = JSON.parse(line);
    if (Array.isArray(batch) && batch.every(isChange)) return batch;
  } catch {
    // Told below, together with a line that is JSON and no batch.
  }
  throw new Error(`${where} is not a line of Local Notion's journal; move the file away.`);
}

function isChange(value: unknown): value is Change {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string";
}
