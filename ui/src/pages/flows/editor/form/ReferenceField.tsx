/** Names of what is defined elsewhere in the document, and values that are usual. */
import type { ReactNode } from "react";
import { owsValue } from "../../../../graph/document/flow";
import { isList, isMap, type Json } from "../../../../graph/json";
import { valueAt } from "../../../../graph/pointer";
import { useEditor } from "../context";
import { USUAL } from "./fields/layout";
import { SuggestedText, type Typing } from "./plain";

interface Props extends Typing {
  readonly role: string | undefined;
  readonly path: string;
  readonly value: string;
  readonly onCommit: (value: string) => void;
  /** The field where there is nothing to suggest. */
  readonly children: ReactNode;
}

/** Where the names of a role are defined, in the OWS form. */
const DEFINED: Readonly<Record<string, string>> = {
  "secret-name": "/use/secrets",
  "authentication-name": "/use/authentications",
  "timeout-name": "/use/timeouts",
  "retry-name": "/use/retries",
  "error-name": "/use/errors",
};
const BY_ROLE: Readonly<Record<string, readonly string[]>> = {
  timezone: USUAL["timezone"] ?? [],
  cron: ["0 3 * * *", "*/5 * * * *", "0 * * * *", "0 9 * * 1-5", "0 0 1 * *"],
  "script-language": USUAL["script.language"] ?? [],
  language: USUAL["evaluate.language"] ?? [],
};

export function ReferenceField({ role, path, children, ...field }: Props): ReactNode {
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const usual = USUAL[path] ?? (role === undefined ? undefined : (BY_ROLE[role] ?? definedIn(data, role)));
  return usual === undefined ? children : <SuggestedText {...field} usual={usual} />;
}

function definedIn(data: Json, role: string): readonly string[] | undefined {
  if (role === "batch-function") {
    const functions = valueAt(data, "/spec/functions");
    return isMap(functions) ? Object.keys(functions) : [];
  }
  const place = DEFINED[role];
  if (place === undefined) return undefined;
  const defined = owsValue(data, place);
  if (isList(defined)) return defined.filter((each) => typeof each === "string");
  return isMap(defined) ? Object.keys(defined) : [];
}
