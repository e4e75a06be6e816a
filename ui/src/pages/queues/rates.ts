/** How fast a queue is: from counts that were seen one after the other. Pure. */

export interface Sample {
  /** Epoch seconds. */
  readonly at: number;
  readonly enqueued: number;
  readonly completed: number;
  readonly dead: number;
  readonly waiting: number;
}

/** Samples with another one, without those that are older than `keepSeconds` before it. */
export function withSample(samples: readonly Sample[], sample: Sample, keepSeconds: number): readonly Sample[] {
  const last = samples.at(-1);
  // Totals only grow: where they shrank it is another queue of that name.
  if (last && (sample.enqueued < last.enqueued || sample.completed < last.completed)) return [sample];
  if (last && sample.at <= last.at) return samples;
  return [...samples.filter(({ at }) => at >= sample.at - keepSeconds), sample];
}

export type Total = "enqueued" | "completed" | "dead";

/** How many per second in the last `windowSeconds`; null where too little was seen. */
export function rate(samples: readonly Sample[], of: Total, windowSeconds: number): number | null {
  const last = samples.at(-1);
  if (!last) return null;
  const first = samples.find(({ at }) => at >= last.at - windowSeconds);
  if (!first || last.at - first.at <= 0) return null;
  return (last[of] - first[of]) / (last.at - first.at);
}

export interface Throughput {
  readonly times: readonly number[];
  readonly enqueued: readonly (number | null)[];
  readonly completed: readonly (number | null)[];
  readonly waiting: readonly number[];
}

/** Rates between neighbours, over at least `smoothSeconds`. */
export function throughput(samples: readonly Sample[], smoothSeconds: number): Throughput {
  const enqueued: (number | null)[] = [];
  const completed: (number | null)[] = [];
  let begin = 0;
  samples.forEach((sample, place) => {
    // The window begins at the youngest sample that is old enough.
    while (begin + 1 < place && sample.at - (samples[begin + 1]?.at ?? sample.at) >= smoothSeconds) begin += 1;
    const before = samples[begin];
    const seconds = before ? sample.at - before.at : 0;
    enqueued.push(before && seconds > 0 ? (sample.enqueued - before.enqueued) / seconds : null);
    completed.push(before && seconds > 0 ? (sample.completed - before.completed) / seconds : null);
  });
  return { times: samples.map(({ at }) => at), enqueued, completed, waiting: samples.map(({ waiting }) => waiting) };
}

/** The last `seconds` of it. */
export function lately({ times, enqueued, completed, waiting }: Throughput, seconds: number): Throughput {
  const since = (times.at(-1) ?? 0) - seconds;
  const begin = times.findIndex((at) => at >= since);
  return { times: times.slice(begin), enqueued: enqueued.slice(begin), completed: completed.slice(begin), waiting: waiting.slice(begin) };
}
