/** Narrows a long list: by words, and by state. Both are in the address, to be shown to others and after a reload. */
import { Group, Select, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useText } from "../../language/language";
import { Icon } from "../../parts/icons";
import { operations } from "./messages";

export interface Narrowing {
  readonly words: string;
  /** Null: whichever. */
  readonly state: string | null;
  readonly put: (name: "search" | "state", value: string | null) => void;
}

export function useNarrowing(): Narrowing {
  const [address, change] = useSearchParams();
  const put = (name: "search" | "state", value: string | null) => {
    change(
      (old) => {
        const changed = new URLSearchParams(old);
        if (value) changed.set(name, value);
        else changed.delete(name);
        return changed;
      },
      { replace: true },
    );
  };
  return { words: address.get("search") ?? "", state: address.get("state"), put };
}

interface Props {
  readonly by: Narrowing;
  readonly states: readonly { readonly value: string; readonly label: string }[];
  readonly shown: number;
  readonly all: number;
}

export function Narrow({ by, states, shown, all }: Props): ReactNode {
  const say = useText(operations);
  return (
    <Group gap="sm">
      <TextInput
        type="search"
        size="xs"
        w={260}
        aria-label={say("search")}
        placeholder={say("search")}
        leftSection={<Icon name="search" size={14} />}
        value={by.words}
        onChange={(event) => by.put("search", event.currentTarget.value)}
      />
      <Select
        size="xs"
        w={180}
        aria-label={say("state")}
        placeholder={say("anyState")}
        data={[...states]}
        value={by.state}
        clearable
        clearButtonProps={{ "aria-label": say("anyState") }}
        onChange={(state) => by.put("state", state)}
      />
      <Text size="sm" c="dimmed" role="status">
        {shown < all ? say("someOf", { shown, all }) : say("allOf", { all })}
      </Text>
    </Group>
  );
}
