/**
 * Data that somebody decides on, to be read rather than parsed: names and values, lists of like things as tables.
 *
 * Of much only the beginning is drawn; the rest is asked for, so that data of any size can be decided on.
 */
import { Anchor, Table, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useFormat, useText } from "../../language/language";
import { isMap, type Schema } from "../../parts/form/field";
import { inbox } from "./messages";
import { Wide } from "../../parts/Wide";

const DEPTH_MAX = 6;
const COLUMNS_MAX = 8;
/** From so many characters on data is large, and of each list only so many are drawn at first, by depth. */
const LARGE_CHARACTERS = 20_000;
const PARTS = [50, 30, 5, 2] as const;
const PART_MAX = 200;
const CHARACTERS_MAX = 2_000;
/** A column of a table is no narrower: where the page is, the table scrolls. */
const COLUMN_PX = 110;

export function Facts({ data }: { data: unknown }): ReactNode {
  const large = useMemo(() => JSON.stringify(data ?? null).length > LARGE_CHARACTERS, [data]);
  return <Value data={data} depth={0} large={large} />;
}

interface Props<Data> {
  readonly data: Data;
  readonly depth: number;
  readonly large: boolean;
}

function Value({ data, depth, large }: Props<unknown>): ReactNode {
  const say = useText(inbox);
  if (data === null || data === undefined || data === "") return <Text size="sm" c="dimmed">–</Text>;
  if (typeof data === "boolean") return <Text size="sm">{say(data ? "yes" : "no")}</Text>;
  // As it is: an order's number is no amount, and of an amount nothing may be rounded away.
  if (typeof data === "number") return <Text size="sm">{String(data)}</Text>;
  if (typeof data === "string") return <Words text={data} />;
  if (depth >= DEPTH_MAX) return <Words text={JSON.stringify(data)} mono />;
  if (Array.isArray(data)) return <List data={data} depth={depth} large={large} />;
  return <Named data={data as Schema} depth={depth} large={large} />;
}

/** A text; of a long one its beginning, until somebody wants all of it. */
function Words({ text, mono }: { text: string; mono?: boolean }): ReactNode {
  const say = useText(inbox);
  const { number } = useFormat();
  const [whole, setWhole] = useState(false);
  const short = whole || text.length <= CHARACTERS_MAX;
  return (
    <Text size="sm" component="div" {...(mono ? { ff: "monospace" } : {})} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {short ? text : `${text.slice(0, CHARACTERS_MAX)}… `}
      {!short && (
        <Anchor component="button" type="button" size="sm" onClick={() => setWhole(true)}>
          {say("allCharacters", { count: number(text.length) })}
        </Anchor>
      )}
    </Text>
  );
}

/** How many of a number of things are drawn, and the button for more of them. */
function useParts(count: number, { depth, large }: Omit<Props<unknown>, "data">): { readonly shown: number; readonly more: ReactNode } {
  const say = useText(inbox);
  const { number } = useFormat();
  const part = large ? (PARTS[depth] ?? PARTS[PARTS.length - 1] ?? PART_MAX) : PART_MAX;
  const [wanted, setWanted] = useState(part);
  const shown = Math.min(wanted, count);
  const more =
    shown < count ? (
      <Anchor component="button" type="button" size="sm" onClick={() => setWanted(wanted + Math.max(part, PARTS[0]))}>
        {say("moreOf", { shown: number(shown), count: number(count) })}
      </Anchor>
    ) : null;
  return { shown, more };
}

function Named({ data, depth, large }: Props<Schema>): ReactNode {
  const entries = Object.entries(data);
  const { shown, more } = useParts(entries.length, { depth, large });
  if (entries.length === 0) return <Text size="sm" c="dimmed">–</Text>;
  return (
    <>
      <Table withRowBorders={depth === 0} verticalSpacing={4}>
        <Table.Tbody>
          {entries.slice(0, shown).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w="30%" style={{ verticalAlign: "top", overflowWrap: "break-word" }}>
                {name}
              </Table.Th>
              <Table.Td>
                <Value data={value} depth={depth + 1} large={large} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more}
    </>
  );
}

function List({ data: items, depth, large }: Props<readonly unknown[]>): ReactNode {
  const columns = useMemo(() => columnsOf(items), [items]);
  const { shown, more } = useParts(items.length, { depth, large });
  if (items.length === 0) return <Text size="sm" c="dimmed">–</Text>;
  return (
    <>
      {columns ? (
        <Wide minWidth={columns.length * COLUMN_PX}>
          <Table withTableBorder verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((name) => (
                  <Table.Th key={name} scope="col">{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.slice(0, shown).map((item, index) => (
                <Table.Tr key={index}>
                  {columns.map((name) => (
                    <Table.Td key={name}>
                      <Value data={(item as Schema)[name]} depth={depth + 1} large={large} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      ) : (
        <ol style={{ margin: 0, paddingInlineStart: 20 }}>
          {items.slice(0, shown).map((item, index) => (
            <li key={index}>
              <Value data={item} depth={depth + 1} large={large} />
            </li>
          ))}
        </ol>
      )}
      {more}
    </>
  );
}

/** The names that things of a list have, where all of them are maps of a few names. */
function columnsOf(items: readonly unknown[]): readonly string[] | null {
  if (!items.every(isMap)) return null;
  const names = [...new Set(items.flatMap((each) => Object.keys(each)))];
  return names.length > 0 && names.length <= COLUMNS_MAX ? names : null;
}
