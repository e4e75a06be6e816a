/** Lines over time with their names. */
import { Group, Skeleton, Stack, Text, useComputedColorScheme } from "@mantine/core";
import { Suspense, type ReactNode } from "react";
import { useLanguage } from "../../language/language";
import { ahead } from "../ahead";
import { lineColor, type ChartProps } from "./chart";

const Plot = ahead(() => import("./Plot"));

export function Chart(props: Omit<ChartProps, "locale">): ReactNode {
  const language = useLanguage((state) => state.language);
  const scheme = useComputedColorScheme();
  return (
    <Stack gap={4}>
      <Group gap="md" aria-hidden="true">
        {props.lines.map(({ name, color }) => (
          <Group key={name} gap={6}>
            <span style={{ width: 14, height: 3, borderRadius: 2, background: lineColor(color, scheme) }} />
            <Text size="xs" c="dimmed">
              {name}
            </Text>
          </Group>
        ))}
      </Group>
      <Suspense fallback={<Skeleton height={props.height} />}>
        <Plot {...props} locale={language === "zh" ? "zh-CN" : "en"} />
      </Suspense>
    </Stack>
  );
}
