/** Lines over time with their names. */
import { Center, Group, Skeleton, Stack, Text, useComputedColorScheme } from "@mantine/core";
import { Suspense, type ReactNode } from "react";
import { useLanguage, useText } from "../../language/language";
import { ahead } from "../ahead";
import { parts } from "../messages";
import { lineColor, type ChartProps } from "./chart";

/** A line needs two points; an axis of less would show times that nobody measured. */
const POINTS_MIN = 2;

const Plot = ahead(() => import("./Plot"));

export function Chart(props: Omit<ChartProps, "locale">): ReactNode {
  const language = useLanguage((state) => state.language);
  const say = useText(parts);
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
      {props.times.length < POINTS_MIN ? (
        <Center h={props.height}>
          <Text size="sm" c="dimmed">
            {say("measuring")}
          </Text>
        </Center>
      ) : (
        <Suspense fallback={<Skeleton height={props.height} />}>
          <Plot {...props} locale={language === "zh" ? "zh-CN" : "en"} />
        </Suspense>
      )}
    </Stack>
  );
}
