/**
 * Deals `total` clients to kinds by weight: element i is the kind of client i. Every prefix holds each kind's exact share
 * (prefix × weight ÷ sum of weights) to within one, so a ramp has the plan's mix at every moment; the same arguments give the same deal.
 *
 * This is the quota method of Balinski and Young: of the kinds that one more client does not put a whole client above their share, the
 * one that would be the first to fall behind, which has the least (dealt + 1) ÷ weight. (Taking the largest deficit instead
 * lets kinds fall behind by more than one where there are many.) Weights are at least 0, and one of them is above it.
 */
export function dealKinds(weights: readonly number[], total: number): Uint16Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  const dealt = weights.map(() => 0);
  const kinds = new Uint16Array(total);
  for (let client = 0; client < total; client++) {
    let chosen = 0;
    let earliest = Number.POSITIVE_INFINITY;
    for (let kind = 0; kind < weights.length; kind++) {
      const weight = weights[kind]!;
      const count = dealt[kind]!;
      const deadline = (count + 1) / weight;
      if (count * sum < weight * (client + 1) && deadline < earliest) {
        chosen = kind;
        earliest = deadline;
      }
    }
    kinds[client] = chosen;
    dealt[chosen]!++;
  }
  return kinds;
}

/** The worker that plays a client of the run: they take turns. Where there are more workers than clients were planned, the last have none. */
export function workerOf(client: number, workers: number, planned: number): number {
  return client % Math.min(workers, planned);
}

/** How many of the planned clients a worker plays. */
export function clientsOf(worker: number, workers: number, planned: number): number {
  return Math.max(0, Math.ceil((planned - worker) / workers));
}
