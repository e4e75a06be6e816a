/** A text in which what stands in `backticks` is shown as it is written in a text or typed into a terminal. */
import { Code } from "@mantine/core";
import type { ReactNode } from "react";

export function Prose({ text }: { text: string }): ReactNode {
  return text.split("`").map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part));
}
