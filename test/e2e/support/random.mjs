// Random numbers that a seed repeats.
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // A series of its own for each text under one seed.
  static of(seed, text) {
    let hash = seed >>> 0;
    for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
    return new Random(hash);
  }

  // A whole number from 0 to limit - 1. Mulberry32: every seed, also 0, gives a usable series.
  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  one(list) {
    return list[this.below(list.length)];
  }
}
