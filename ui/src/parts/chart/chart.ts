/** What a chart shows, and its colours. */

export interface ChartLine {
  readonly name: string;
  readonly color: "blue" | "green" | "red" | "violet";
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  /** Epoch seconds, one for each value. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly height: number;
  readonly locale: string;
}

// At least 4.5:1 on white, and on the dark ground.
const COLORS = {
  light: { blue: "#1864ab", green: "#2b8a3e", red: "#c92a2a", violet: "#6741d9" },
  dark: { blue: "#74c0fc", green: "#8ce99a", red: "#ffa8a8", violet: "#b197fc" },
} as const;

export function lineColor(color: ChartLine["color"], scheme: "light" | "dark"): string {
  return COLORS[scheme][color];
}
