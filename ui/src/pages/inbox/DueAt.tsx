/** A moment that may be to come. */
import type { ReactNode } from "react";
import { useFormat } from "../../language/language";
import { useNow } from "../../parts/Ago";

export function DueAt({ at }: { at: number }): ReactNode {
  const format = useFormat();
  const now = useNow();
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={format.time(at)} style={{ whiteSpace: "nowrap" }}>
      {format.ago(at, now)}
    </time>
  );
}
