/** What a queue gave up on, with the reasons; made ready again one by one, some, or all, or deleted. */
import { Anchor, Button, Checkbox, Code, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../client/api";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Action } from "../../parts/act/Action";
import { ActionsHead } from "../../parts/act/ActionsHead";
import { LongText } from "../../parts/act/LongText";
import { More } from "../../parts/act/More";
import { inBrief } from "../../parts/act/payload";
import { Said } from "../../parts/act/Said";
import { useAct } from "../../parts/act/useAct";
import { Ago } from "../../parts/Ago";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Wide } from "../../parts/Wide";
import { itemPath } from "./address";
import { keys, useDeadLetters, type DeadLetter } from "./data";
import { queues } from "./messages";
import { inParts, ITEMS_PER_CALL } from "./newItems";

const BRIEF_CHARACTERS = 60;
const TYPING_MS = 300;
const REASONS = { attempts: "attemptsReason", final: "finalReason", expired: "expiredReason" } as const;

export function DeadLetters({ queue, count }: { queue: string; count: number }): ReactNode {
  const say = useText(queues);
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [written, setWritten] = useState("");
  const [text] = useDebouncedValue(written.trim(), TYPING_MS);
  const pages = useDeadLetters(queue, text);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  // Where few of many fit, the server looks for a while and says where to go on.
  const nothingYet = text !== "" && hasNextPage && pages.data !== undefined && pages.data.pages.every(({ items }) => items.length === 0);
  useEffect(() => {
    if (nothingYet && !isFetchingNextPage) void fetchNextPage();
  }, [nothingYet, isFetchingNextPage, fetchNextPage]);
  const params = { path: { namespace, queue } };
  const redrive = (ids: readonly string[] | null, limit: number) =>
    answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/redrive", { params, body: { ids: ids && [...ids], limit } }));
  const again = useAct({
    act: async (ids: readonly string[] | null) => {
      let done = 0;
      if (ids) {
        for (const part of inParts(ids, ITEMS_PER_CALL)) done += (await redrive(part, ITEMS_PER_CALL)).count;
        return done;
      }
      // As many as there were: those that die again meanwhile are not taken twice.
      for (let left = count; left > 0; ) {
        const { count: some } = await redrive(null, Math.min(left, ITEMS_PER_CALL));
        if (some === 0) break;
        done += some;
        left -= some;
      }
      return done;
    },
    says: (done) => say("redriven", { count: done }),
    refresh: keys.all(namespace, queue),
  });
  const remove = useAct({
    act: async (ids: readonly string[]) => {
      let done = 0;
      for (const part of inParts(ids, ITEMS_PER_CALL)) {
        done += (await answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/purge", { params, body: { what: "dead", ids: [...part] } }))).count;
      }
      return done;
    },
    says: (done) => say("deleted", { count: done }),
    refresh: keys.all(namespace, queue),
  });
  if (pages.isPending) return <Loading />;
  if (!pages.data) return <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
  const letters = pages.data.pages.flatMap(({ items }) => items);
  const picked = letters.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };
  return (
    <Stack gap="xs">
      <Said of={again} />
      <Said of={remove} />
      {(letters.length > 0 || written !== "") && (
        <Group justify="space-between" gap="xs">
          <TextInput
            type="search"
            size="xs"
            w={260}
            aria-label={say("searchLetters")}
            placeholder={say("searchLetters")}
            leftSection={<Icon name="search" size={14} />}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
          {may && (
            <Group gap="xs">
              <Button size="xs" leftSection={<Icon name="again" size={14} />} disabled={picked.length === 0} loading={again.busy} onClick={() => {
                  remove.forget();
                  void again.run(picked);
                }}
              >
                {say("redriveChosen", { count: picked.length })}
              </Button>
              {written === "" && (
                <Action
                  label={say("redriveAll")}
                  icon="again"
                  refresh={[]}
                  act={() => {
                    remove.forget();
                    return again.run(null);
                  }}
                  question={{ text: say("redriveAllAsk", { queue, count }), confirm: say("redriveAllYes") }}
                />
              )}
              <Action
                danger
                label={say("deleteChosen", { count: picked.length })}
                icon="trash"
                refresh={[]}
                disabled={picked.length === 0}
                act={() => {
                  again.forget();
                  return remove.run(picked);
                }}
                question={{ text: say("deleteAsk", { count: picked.length }), confirm: say("deleteYes") }}
              />
            </Group>
          )}
        </Group>
      )}
      {nothingYet ? (
        <Loading />
      ) : letters.length === 0 ? (
        <Text size="sm" c="dimmed" role="status">
          {say(text === "" ? "noLetters" : "noLettersFit")}
        </Text>
      ) : (
        <>
          <Wide minWidth={820}>
            <Table highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  {may && (
                    <Table.Th w={36}>
                      <Checkbox
                        aria-label={say("chooseAll")}
                        checked={picked.length === letters.length}
                        indeterminate={picked.length > 0 && picked.length < letters.length}
                        onChange={(event) => choose(letters.map(({ id }) => id), event.currentTarget.checked)}
                      />
                    </Table.Th>
                  )}
                  <Table.Th>{say("item")}</Table.Th>
                  <Table.Th>{say("reason")}</Table.Th>
                  <Table.Th>{say("error")}</Table.Th>
                  <Table.Th>{say("payload")}</Table.Th>
                  <Table.Th ta="right">{say("attempts")}</Table.Th>
                  <Table.Th>{say("diedAt")}</Table.Th>
                  {may && <ActionsHead />}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {letters.map((letter) => (
                  <Row
                    key={letter.id}
                    queue={queue}
                    letter={letter}
                    chosen={may ? chosen.has(letter.id) : null}
                    onChoose={(on) => choose([letter.id], on)}
                    onRedrive={() => again.run([letter.id])}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
          <More of={pages} />
        </>
      )}
    </Stack>
  );
}

interface RowProps {
  readonly queue: string;
  readonly letter: DeadLetter;
  /** Null: who looks may not redrive. */
  readonly chosen: boolean | null;
  readonly onChoose: (on: boolean) => void;
  readonly onRedrive: () => Promise<unknown>;
}

function Row({ queue, letter, chosen, onChoose, onRedrive }: RowProps): ReactNode {
  const say = useText(queues);
  const reason = letter.reason in REASONS ? say(REASONS[letter.reason as keyof typeof REASONS]) : letter.reason;
  return (
    <Table.Tr>
      {chosen !== null && (
        <Table.Td>
          <Checkbox aria-label={say("choose", { id: letter.id })} checked={chosen} onChange={(event) => onChoose(event.currentTarget.checked)} />
        </Table.Td>
      )}
      <Table.Td maw={200}>
        <Anchor component={Link} href={`${itemPath(queue, letter.id)}?show=dead-letters`} size="sm" style={{ overflowWrap: "anywhere" }}>
          {letter.id}
        </Anchor>
      </Table.Td>
      <Table.Td>{reason}</Table.Td>
      <Table.Td maw={420}>{letter.error ? <LongText label={say("error")} text={letter.error} /> : "–"}</Table.Td>
      <Table.Td>
        <Code style={{ overflowWrap: "anywhere" }}>{inBrief(letter, BRIEF_CHARACTERS)}</Code>
      </Table.Td>
      <Table.Td ta="right">{letter.attempts}</Table.Td>
      <Table.Td>
        <Ago at={letter.died_at} />
      </Table.Td>
      {chosen !== null && (
        <Table.Td>
          <Action small label={say("redriveOne", { id: letter.id })} icon="again" refresh={[]} act={onRedrive} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}
