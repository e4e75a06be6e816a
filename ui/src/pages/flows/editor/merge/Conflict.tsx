/** One place that both changed: what stood there, what each wrote, and what it is to be. */
import { Code, Group, Paper, Radio, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { MergeConflict } from "../../../../graph/document/merge";
import { segments } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { joining } from "./messages";

type Way = "mine" | "theirs" | "both" | "own";

interface Props {
  readonly conflict: MergeConflict;
  readonly chosen: string | undefined;
  readonly onChoose: (text: string) => void;
}

export function Conflict({ conflict, chosen, onChoose }: Props): ReactNode {
  const say = useText(joining);
  const [way, setWay] = useState<Way | null>(null);
  const place = segments(conflict.pointer).join(" › ") || say("everything");
  const texts: Record<Way, string> = { mine: conflict.mine, theirs: conflict.theirs, both: conflict.mine + conflict.theirs, own: chosen ?? conflict.mine };
  const choose = (next: Way) => {
    setWay(next);
    onChoose(texts[next]);
  };
  const ways = ["mine", "theirs", ...(conflict.both ? (["both"] as const) : []), "own"] as const;
  return (
    <Paper withBorder p="sm" component="section" aria-label={place}>
      <Stack gap="xs">
        <Text fw={600} size="sm">
          {place}
        </Text>
        {conflict.base.trim() !== "" && (
          <div>
            <Text size="xs" c="dimmed">
              {say("before")}
            </Text>
            <Written text={conflict.base} />
          </div>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(["mine", "theirs"] as const).map((side) => (
            <div key={side}>
              <Text size="xs" c="dimmed">
                {say(side === "mine" ? "mineText" : "theirsText")}
              </Text>
              <Written text={conflict[side]} />
            </div>
          ))}
        </SimpleGrid>
        <Radio.Group value={way} onChange={(value) => choose(value)} aria-label={say("choose", { place })}>
          <Group>
            {ways.map((each) => (
              <Radio key={each} value={each} label={say(each)} />
            ))}
          </Group>
        </Radio.Group>
        {way === "own" && (
          <Textarea
            aria-label={say("ownText", { place })}
            value={texts.own}
            onChange={(event) => onChoose(event.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={16}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          />
        )}
      </Stack>
    </Paper>
  );
}

function Written({ text }: { text: string }): ReactNode {
  const say = useText(joining);
  if (text.trim() === "") return <Text size="sm" fs="italic">{say("gone")}</Text>;
  return (
    <Code block tabIndex={0} style={{ maxHeight: 240, overflow: "auto" }}>
      {text.replace(/^\n+|\n+$/g, "")}
    </Code>
  );
}
