/**
 * Takes a WebAssembly memory back to how it was, byte for byte.
 *
 * - Whatever runs in between leaves nothing behind: not in objects, prototypes or globals, and not
 *   in freed memory, which is zeroed.
 * - The values of the instance outside its memory must be the same too. They are while no call into
 *   it is under way and none ended in a trap; after a trap the instance has to be dropped.
 * - A memory cannot shrink: {@link fits} is false once it has grown.
 */
export class MemoryImage {
  readonly #memory: WebAssembly.Memory;
  readonly #size: number;
  readonly #content: Uint8Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#size = memory.buffer.byteLength;
    this.#content = new Uint8Array(memory.buffer, 0, usedBytes(memory)).slice();
  }

  get fits(): boolean {
    return this.#memory.buffer.byteLength === this.#size;
  }

  restore(): void {
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.set(this.#content);
    bytes.fill(0, this.#content.length);
  }
}

/** How far up a memory was written to: all above is zero. */
export function usedBytes(memory: WebAssembly.Memory): number {
  const words = new Uint32Array(memory.buffer);
  let used = words.length;
  while (used > 0 && words[used - 1] === 0) used -= 1;
  return used * words.BYTES_PER_ELEMENT;
}
