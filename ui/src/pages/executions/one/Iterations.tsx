/** The iterations of each loop: all of them, or one to look at. */
import { ActionIcon, Button, Group, NumberInput, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Choice, ExecutionPicture, Iteration } from "../../../graph/model/execution";
import type { Graph } from "../../../graph/model/graph";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { Status } from "../../../parts/Status";
import { one } from "./messages";
import { withIteration } from "./runs";

interface Props {
  readonly picture: ExecutionPicture;
  readonly graph: Graph;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

export function Iterations({ picture, graph, choice, onChoose }: Props): ReactNode {
  const say = useText(one);
  const loops = [...picture.iterations].filter(([pointer, found]) => found.length > 0 && graph.byId.has(pointer));
  if (loops.length === 0) return null;
  return (
    <Group gap="lg" component="section" aria-label={say("iterations")}>
      {loops.map(([pointer, iterations]) => (
        <Loop
          key={pointer}
          name={graph.byId.get(pointer)?.name ?? pointer}
          iterations={iterations}
          chosen={choice[pointer] ?? null}
          onChoose={(iteration) => onChoose(withIteration(choice, pointer, iteration))}
        />
      ))}
    </Group>
  );
}

interface LoopProps {
  readonly name: string;
  readonly iterations: readonly Iteration[];
  readonly chosen: number | null;
  readonly onChoose: (iteration: number | null) => void;
}

function Loop({ name, iterations, chosen, onChoose }: LoopProps): ReactNode {
  const say = useText(one);
  const at = chosen === null ? -1 : iterations.findIndex((each) => each.iteration === chosen);
  const current = iterations[at];
  const failed = iterations.filter(({ status }) => status === "faulted");
  const nextFailed = failed.find((each) => chosen === null || each.iteration > chosen) ?? failed[0];
  const step = (to: number) => {
    const found = iterations[to];
    if (found) onChoose(found.iteration);
  };
  return (
    <Group gap={6} role="group" aria-label={say("chooseIteration", { loop: name })}>
      <Icon name="loop" size={16} />
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Button size="compact-sm" variant={chosen === null ? "light" : "default"} aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        {say("allIterations", { count: iterations.length })}
      </Button>
      <ActionIcon variant="default" size="sm" disabled={at < 0 ? iterations.length === 0 : at === 0} aria-label={say("previousIteration", { loop: name })} onClick={() => step(at < 0 ? iterations.length - 1 : at - 1)}>
        <Icon name="left" size={14} />
      </ActionIcon>
      <NumberInput
        size="xs"
        w={76}
        hideControls
        aria-label={say("chooseIteration", { loop: name })}
        placeholder="#"
        value={chosen ?? ""}
        onChange={(value) => {
          const found = iterations.find((each) => each.iteration === value);
          if (found) onChoose(found.iteration);
        }}
      />
      <ActionIcon variant="default" size="sm" disabled={at >= iterations.length - 1} aria-label={say("nextIteration", { loop: name })} onClick={() => step(at + 1)}>
        <Icon name="right" size={14} />
      </ActionIcon>
      {current && <Status status={current.status} />}
      {nextFailed && (
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => onChoose(nextFailed.iteration)}>
          {say("nextFailed")}
        </Button>
      )}
    </Group>
  );
}
