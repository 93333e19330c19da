let state: [number, number, number, number] = [1, 2, 3, 4];

/** Every run starts from the same memory, so that `Math.random` needs a seed of its own in each. */
export function seedRandom(seed: [number, number, number, number]): void {
  state = seed;
}

/** sfc32, a small fast generator of good quality. Not for secrets; those come from `crypto`. */
function random(): number {
  const [a, b, c, counter] = state;
  const sum = (a + b + counter) | 0;
  state = [
    b ^ (b >>> 9),
    (c + (c << 3)) | 0,
    (((c << 21) | (c >>> 11)) + sum) | 0,
    (counter + 1) | 0,
  ];
  return (sum >>> 0) / 2 ** 32;
}

Object.defineProperty(Math, "random", { value: random, writable: true, configurable: true });
