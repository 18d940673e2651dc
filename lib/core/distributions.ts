// Tails of the distributions that tests are held against: how likely a value at least this large is when nothing has changed.

/**
 * P(X ≥ x) for χ² with so many degrees of freedom.
 *
 * @param degrees above 0
 */
export function chiSquaredTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2);
}

/** P(|Z| ≥ |z|) for a standard normal Z: both tails. */
export function normalTails(z: number): number {
  return z === 0 ? 1 : upperGamma(0.5, (z * z) / 2);
}

/** P(K ≥ x) for Kolmogorov's limit distribution (Marsaglia, Tsang and Wang 2003, equations 1 and 2). */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) return 1 - kolmogorovBelow(x);
  let tail = 0;
  for (let k = 1, sign = 1; k <= 20; k++, sign = -sign) tail += sign * Math.exp(-2 * k * k * x * x);
  return 2 * tail;
}

/** The same function's other series, quick where the first is slow. */
function kolmogorovBelow(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 40; k += 2) sum += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

/** Regularised upper incomplete gamma function Q(a, x): a series below a + 1, a continued fraction above (Lentz's method). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

/** ln Γ(x) for x > 0 by Lanczos' approximation (g = 7, nine terms): 15 digits. */
function logGamma(x: number): number {
  const t = x + 6.5;
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (x + i - 1);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const lanczos: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
