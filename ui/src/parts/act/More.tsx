/** The button for the next page of a list that is read in parts. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { act } from "./messages";

interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

export function More({ of }: { of: Pages }): ReactNode {
  const say = useText(act);
  if (!of.hasNextPage) return null;
  return (
    <Button variant="default" size="xs" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()} style={{ alignSelf: "flex-start" }}>
      {say("more")}
    </Button>
  );
}
