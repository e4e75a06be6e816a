/** What a queue was like before its page was opened: the server's samples, put before what was seen here. Pure. */
import type { Schemas } from "../../client/api";
import type { Sample } from "./rates";

/** Of two samples so close the one that was seen here says it all. */
const NEAR_SECONDS = 1;

type QueueSamples = Schemas["QueueSamples"];

/** The server's samples by this machine's clock, which was at `nowHere` when the server answered. */
export function pastOf({ items, now, step_seconds }: QueueSamples, nowHere: number): readonly Sample[] {
  const samples: Sample[] = [];
  for (const each of items) {
    const sample: Sample = {
      at: each.at + nowHere - now,
      enqueued: each.enqueued_total,
      completed: each.completed_total,
      dead: each.dead_total,
      waiting: each.ready + each.delayed + each.leased,
    };
    const last = samples.at(-1);
    // A time of rest comes as its two ends. A line from the first to the second would tell of a slow decline.
    if (last && sample.at - last.at > step_seconds && isRest(last, sample)) samples.push({ ...last, at: last.at + step_seconds });
    samples.push(sample);
  }
  return samples;
}

function isRest(one: Sample, other: Sample): boolean {
  return one.enqueued === other.enqueued && one.completed === other.completed && one.dead === other.dead && one.waiting === other.waiting;
}

/** Both in one order, of the last `keepSeconds`. What does not fit what was seen here is of another queue of that name. */
export function joined(past: readonly Sample[], seen: readonly Sample[], keepSeconds: number): readonly Sample[] {
  const all: Sample[] = [];
  let next = 0;
  for (const sample of past) {
    for (let here = seen[next]; here && here.at <= sample.at; here = seen[next]) {
      all.push(here);
      next += 1;
    }
    if (follows(all.at(-1), sample) && follows(sample, seen[next])) all.push(sample);
  }
  all.push(...seen.slice(next));
  const since = (all.at(-1)?.at ?? 0) - keepSeconds;
  return all.filter(({ at }) => at >= since);
}

function follows(before: Sample | undefined, after: Sample | undefined): boolean {
  if (!before || !after) return true;
  return after.at - before.at >= NEAR_SECONDS && after.enqueued >= before.enqueued && after.completed >= before.completed;
}

/** Since when the queue was looked at, where that is less than `wantedSeconds`; null where all of it was seen. */
export function knownSince(samples: readonly Sample[], wantedSeconds: number): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  return first && last && last.at - first.at < wantedSeconds ? first.at : null;
}
