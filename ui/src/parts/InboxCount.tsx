/** How many decisions wait for who looks at the page. */
import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../client/api";
import { useFormat, useText } from "../language/language";
import { useNamespace } from "../namespace";
import { parts } from "./messages";

const REFRESH_MS = 10_000;

export function InboxCount(): ReactNode {
  const say = useText(parts);
  const format = useFormat();
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["decisions", namespace, "count"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/namespaces/{namespace}/decisions/count", { params: { path: { namespace } }, signal })),
    refetchInterval: REFRESH_MS,
  });
  if (!data || data.mine === 0) return null;
  const count = format.number(data.mine) + (data.more ? "+" : "");
  return (
    <Badge size="sm" color={data.overdue > 0 ? "red" : "cyan"} variant="filled" aria-label={say("waitForYou", { count })}>
      {count}
    </Badge>
  );
}
