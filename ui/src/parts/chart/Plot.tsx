/** Lines over time, drawn by uPlot: loaded when the first one is shown. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef, type ReactNode } from "react";
import uPlot from "uplot";
import { lineColor, type ChartProps } from "./chart";

const AXIS = { light: { text: "#52606d", grid: "#e3e7eb" }, dark: { text: "#a6adb5", grid: "#3b3f45" } } as const;

// So much is shown at least: the first moments do not fill the whole width.
const SPAN_SECONDS = 60;

export default function Plot({ label, times, lines, height, locale }: ChartProps): ReactNode {
  const { ref, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme();
  const names = lines.map(({ name, color }) => `${color}:${name}`).join("|");
  const drawn = useRef({ times, lines });
  useEffect(() => {
    drawn.current = { times, lines };
  });

  useEffect(() => {
    if (!host.current || width === 0) return;
    const colors = AXIS[scheme];
    const font = "12px system-ui, sans-serif";
    const axis = { stroke: colors.text, font, grid: { stroke: colors.grid, width: 1 }, ticks: { stroke: colors.grid, width: 1 } };
    const numbers = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
    const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const made = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: { x: { range: (_self, min, max) => [Math.min(min, max - SPAN_SECONDS), max] }, y: { range: (_self, _min, max) => [0, Math.max(1, (max || 1) * 1.1)] } },
        axes: [
          { ...axis, size: 34, space: 90, values: (_self, splits) => splits.map((at) => clock.format(at * 1000)) },
          { ...axis, size: 56, values: (_self, splits) => splits.map((value) => numbers.format(value)) },
        ],
        series: [
          {},
          ...drawn.current.lines.map(({ name, color }) => ({ label: name, stroke: lineColor(color, scheme), width: 2, points: { show: false } })),
        ],
      },
      dataOf(drawn.current),
      host.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [width, height, scheme, locale, names]);

  useEffect(() => {
    plot.current?.setData(dataOf({ times, lines }));
  }, [times, lines]);

  return (
    <div ref={ref} style={{ width: "100%", height, overflow: "hidden" }}>
      <div ref={host} role="img" aria-label={label} />
    </div>
  );
}

function dataOf({ times, lines }: Pick<ChartProps, "times" | "lines">): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}
