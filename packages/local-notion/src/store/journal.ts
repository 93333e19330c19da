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

const lineFeed = 0x0a;
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

  /** Opens a journal after giving every change in it to `take`, the oldest first. */
  static open(path: string, take: (change: Change) => void): Journal {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return new Journal(path, 0);
    const content = readFileSync(path);
    const wholeBytes = content.lastIndexOf(lineFeed) + 1;
    if (wholeBytes < content.length) truncateSync(path, wholeBytes);
    // Line by line: a long journal is never in memory as text as a whole.
    let number = 1;
    for (let start = 0; start < wholeBytes; number += 1) {
      const end = content.indexOf(lineFeed, start);
      const line = content.toString("utf8", start, end);
      if (line !== "") for (const change of parseBatch(line, `${path}:${number}`)) take(change);
      start = end + 1;
    }
    return new Journal(path, wholeBytes);
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
