/** Data that somebody decides on, to be read rather than parsed: names and values, lists of like things as tables. */
import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useFormat, useText } from "../../language/language";
import { isMap, type Schema } from "../../parts/form/field";
import { inbox } from "./messages";

const DEPTH_MAX = 6;
const COLUMNS_MAX = 8;

export function Facts({ data, depth = 0 }: { data: unknown; depth?: number }): ReactNode {
  const say = useText(inbox);
  const format = useFormat();
  if (data === null || data === undefined || data === "") return <Text size="sm" c="dimmed">–</Text>;
  if (typeof data === "boolean") return <Text size="sm">{say(data ? "yes" : "no")}</Text>;
  if (typeof data === "number") return <Text size="sm">{format.number(data)}</Text>;
  if (typeof data === "string") return <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{data}</Text>;
  if (depth >= DEPTH_MAX) return <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>{JSON.stringify(data)}</Text>;
  if (Array.isArray(data)) return <List items={data} depth={depth} />;
  const entries = Object.entries(data as Schema);
  if (entries.length === 0) return <Text size="sm" c="dimmed">–</Text>;
  return (
    <Table withRowBorders={depth === 0} verticalSpacing={4}>
      <Table.Tbody>
        {entries.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w="30%" style={{ verticalAlign: "top", overflowWrap: "anywhere" }}>
              {name}
            </Table.Th>
            <Table.Td>
              <Facts data={value} depth={depth + 1} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function List({ items, depth }: { items: readonly unknown[]; depth: number }): ReactNode {
  if (items.length === 0) return <Text size="sm" c="dimmed">–</Text>;
  const columns = columnsOf(items);
  if (columns) {
    return (
      <Table withTableBorder verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((name) => (
              <Table.Th key={name} scope="col">{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item, index) => (
            <Table.Tr key={index}>
              {columns.map((name) => (
                <Table.Td key={name}>
                  <Facts data={(item as Schema)[name]} depth={depth + 1} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    );
  }
  return (
    <ol style={{ margin: 0, paddingInlineStart: 20 }}>
      {items.map((item, index) => (
        <li key={index}>
          <Facts data={item} depth={depth + 1} />
        </li>
      ))}
    </ol>
  );
}

/** The names that things of a list have, where all of them are maps of a few names. */
function columnsOf(items: readonly unknown[]): readonly string[] | null {
  if (!items.every(isMap)) return null;
  const names = [...new Set(items.flatMap((each) => Object.keys(each)))];
  return names.length > 0 && names.length <= COLUMNS_MAX ? names : null;
}
