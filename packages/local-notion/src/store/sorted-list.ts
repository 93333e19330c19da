/** Items kept in order; a total order, so that each has exactly one place. */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[];

  constructor(items: Iterable<T>, compare: (a: T, b: T) => number) {
    this.#compare = compare;
    this.#items = [...items].sort(compare);
  }

  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items.splice(this.placeOf(item), 0, item);
  }

  remove(item: T): void {
    const place = this.placeOf(item);
    const found = this.#items[place];
    if (found !== undefined && this.#compare(found, item) === 0) this.#items.splice(place, 1);
  }

  /** The first place whose item is not before this one. */
  placeOf(item: T): number {
    return this.firstPlace((other) => this.#compare(other, item) >= 0);
  }

  /** The first place from which on something holds, which must hold for all after it. */
  firstPlace(holds: (item: T) => boolean): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && holds(item)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
