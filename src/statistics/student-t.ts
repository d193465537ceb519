/**
 * Student's t distribution, through the regularised incomplete beta function: exact to about twelve digits for any number of degrees of
 * freedom, whole or (as Welch's are) not.
 */

/** The probability that a value exceeds `t`. */
export function studentTail(t: number, degreesOfFreedom: number): number {
  const twoSided = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
  return t >= 0 ? twoSided / 2 : 1 - twoSided / 2;
}

/** The value that is exceeded with probability `tail`, which lies between 0 and 1. */
export function studentQuantile(tail: number, degreesOfFreedom: number): number {
  if (tail > 0.5) return -studentQuantile(1 - tail, degreesOfFreedom);
  let above = 1;
  while (studentTail(above, degreesOfFreedom) > tail) above *= 2;
  let below = 0;
  // Each step halves what is uncertain; 60 leave less than a double can tell.
  for (let step = 0; step < 60; step++) {
    const middle = (below + above) / 2;
    if (studentTail(middle, degreesOfFreedom) > tail) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** I_x(a, b), for x from 0 to 1 and positive a and b. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it the function's symmetry leads there.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return (front / a) * betaFraction(x, a, b);
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const mostTerms = 1000;
  let numerator = 1;
  let denominator = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = denominator;
  const multiply = (term: number): number => {
    denominator = 1 / nonZero(1 + term * denominator);
    numerator = nonZero(1 + term / numerator);
    fraction *= denominator * numerator;
    return denominator * numerator;
  };
  for (let m = 1; m < mostTerms; m++) {
    multiply((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    const factor = multiply((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    if (Math.abs(factor - 1) < 1e-14) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), after x has been raised to where six terms are enough. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const series = stirling.reduceRight((sum, coefficient) => sum / (z * z) + coefficient, 0) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}

/** B₂ₖ ÷ (2k (2k − 1)). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];
