import type { RandomStream } from './random.js';

/** How values are spread; all of them in the unit of what is drawn. `sd` is the standard deviation, and of `lognormal` both are those of the values themselves. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'exponential'; readonly mean: number };

/** A number from `min` to just below `max`; `min` where the two are the same. Takes one number of `random`. */
export function uniform({ min, max }: { readonly min: number; readonly max: number }, random: RandomStream): number {
  return min + random.next() * (max - min);
}

/** A value of `distribution`, from the next numbers of `random`. A normal one may be negative; lognormal ones need a mean above 0. */
export function draw(distribution: Distribution, random: RandomStream): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return uniform(distribution, random);
    case 'normal':
      return distribution.mean + distribution.sd * standardNormal(random);
    case 'lognormal': {
      const { mean, sd } = distribution;
      const variance = Math.log1p((sd / mean) ** 2);
      return mean * Math.exp(Math.sqrt(variance) * standardNormal(random) - variance / 2);
    }
    case 'exponential':
      return -distribution.mean * Math.log(aboveZero(random));
  }
}

/** Box and Muller's first number; the second is not kept, so that every draw takes as many numbers of the stream. */
function standardNormal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(aboveZero(random)));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** In (0, 1]: what a logarithm can be taken of. */
function aboveZero(random: RandomStream): number {
  return 1 - random.next();
}
