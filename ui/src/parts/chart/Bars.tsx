/** Small bars, one for each thing that happened: a picture of how it goes, without axes. */
import type { ReactNode } from "react";

export interface Bar {
  readonly key: string;
  readonly value: number;
  /** One of the theme's colours. */
  readonly color: string;
  readonly title: string;
}

interface Props {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly height?: number;
}

// What took next to no time is still to be seen.
const SMALLEST = 0.06;

export function Bars({ label, bars, height = 56 }: Props): ReactNode {
  const largest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  return (
    <svg role="img" aria-label={label} width="100%" height={height} viewBox={`0 0 ${Math.max(bars.length, 1)} 1`} preserveAspectRatio="none">
      {bars.map(({ key, value, color, title }, place) => {
        const tall = Math.max(value / largest, SMALLEST);
        return (
          <rect key={key} x={place + 0.1} y={1 - tall} width={0.8} height={tall} fill={`var(--mantine-color-${color}-filled)`}>
            <title>{title}</title>
          </rect>
        );
      })}
    </svg>
  );
}
