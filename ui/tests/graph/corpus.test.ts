/** Every document of the corpus, read and edited: nothing else changes, not by a byte. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dataOf, open, opened, type Source } from "../../src/graph/document/source";
import { spliced } from "../../src/graph/document/lines";
import { reopened } from "../../src/graph/document/reread";
import { listsOf, owsValue, taskKind, tasksOf, type Listed } from "../../src/graph/document/flow";
import {
  copyTasks,
  duplicateTask,
  insertTask,
  moveTask,
  pasteTasks,
  removeTask,
  renameTask,
} from "../../src/graph/document/tasks";
import { removeValue, setValue } from "../../src/graph/document/values";
import { inFile } from "../../src/graph/document/flow";
import { canMoveOnWay, moveOnWay } from "../../src/graph/document/ways";
import { graphOf } from "../../src/graph/model/build";
import { below } from "../../src/graph/pointer";
import { examples, owsExamples } from "../corpus";

export function allTasks(source: Source): Listed[] {
  const found: Listed[] = [];
  const walk = (list: string) => {
    for (const task of tasksOf(owsValue(dataOf(source), list), list)) {
      found.push(task);
      for (const { path } of listsOf(task.task)) walk(task.pointer + path);
    }
  };
  walk("/do");
  return found;
}

/** The text with lines that are only in one of both left out is the same: nothing else moved. */
function linesLost(before: string, after: string): string[] {
  const rest = after.split("\n");
  return before.split("\n").filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

test.skipIf(owsExamples.length === 0)("the specification's examples are there", () => {
  expect(owsExamples.length).toBeGreaterThan(50);
});

describe.each(examples.map(({ file, text }) => [file, text] as const))("%s", (_file, text) => {
  test("is read with the data that a YAML parser finds, and its text is kept", () => {
    const source = opened(text);
    expect(source.text).toBe(text);
    expect(dataOf(source)).toEqual(parse(text, { schema: "core" }));
    expect(allTasks(source).length).toBeGreaterThan(0);
  });

  test("setting everything to what it is changes no byte", () => {
    const source = opened(text);
    expect(setValue(source, "", dataOf(source))).toBe(source);
  });

  test("a task that is inserted anywhere and removed again leaves no trace", () => {
    const source = opened(text);
    const lists = new Set(["/do", ...allTasks(source).flatMap(({ task, pointer }) => listsOf(task).map(({ path }) => pointer + path))]);
    for (const list of lists) {
      const count = tasksOf(owsValue(dataOf(source), list), list).length;
      for (let index = 0; index <= count; index += 1) {
        const edit = insertTask(source, list, index, "added", { set: { text: "a: b", lines: "one\ntwo\n" } });
        expect(linesLost(text, edit.source.text).length, "lines that are not as they were").toBeLessThanOrEqual(1);
        expect(owsValue(dataOf(edit.source), edit.task)).toEqual({ set: { text: "a: b", lines: "one\ntwo\n" } });
        if (count > 0) expect(removeValue(edit.source, inFile(edit.source, edit.task).replace(/\/[^/]*$/, "")).text).toBe(text);
      }
    }
  });

  test("every task can be renamed there and back, duplicated, removed, moved, copied and pasted", () => {
    const source = opened(text);
    for (const { pointer, name } of allTasks(source)) {
      const renamed = renameTask(source, pointer, "another name");
      expect(renameTask(renamed.source, renamed.task, name).source.text).toBe(text);
      const copy = duplicateTask(source, pointer);
      expect(owsValue(dataOf(copy.source), copy.task)).toEqual(owsValue(dataOf(source), pointer));
      expect(linesLost(text, copy.source.text).length).toBeLessThanOrEqual(1);
      const removed = removeTask(source, pointer);
      expect(allTasks(removed).length).toBeLessThan(allTasks(source).length);
      const pasted = pasteTasks(source, "/do", 0, copyTasks(source, [pointer]));
      expect(pasted.tasks).toHaveLength(1);
      if (!pointer.startsWith("/do/0/")) {
        const moved = moveTask(source, pointer, "/do", 0);
        expect(allTasks(moved.source).length).toBe(allTasks(source).length);
      }
    }
  });

  test("every task can be moved into every way that is none of its own, and is on that way then", () => {
    const source = opened(text);
    const { edges, byId } = graphOf(dataOf(source));
    for (const { pointer, name, task } of allTasks(source)) {
      for (const { way, source: from, label, kind: how } of edges) {
        if (!way || !canMoveOnWay(pointer, way)) continue;
        const moved = moveOnWay(source, pointer, way);
        expect(opened(moved.source.text).root).toEqual(moved.source.root);
        expect(allTasks(moved.source).length).toBe(allTasks(source).length);
        const graph = graphOf(dataOf(moved.source));
        // To what catches an arrow leads whole: the step is the first in there.
        const first = how === "error" ? { target: graph.byId.get(moved.task)?.parent, at: 0 } : { target: moved.task, at: undefined };
        expect(graph.byId.get(moved.task)?.index).toBe(first.at ?? graph.byId.get(moved.task)?.index);
        const into = graph.edges.filter((each) => each.target === first.target && each.way?.of === way.of && each.label === label);
        expect(into.map((each) => graph.byId.get(each.source)?.name), `${name} into ${JSON.stringify(way)}`).toContain(byId.get(from)?.name);
        const kind = taskKind(task);
        if (kind === "raise" || kind === "switch") continue;
        const out = graph.edges.find((each) => each.way?.of === "task" && each.way.owner === moved.task);
        expect(out?.way?.target).toBe(way.target);
      }
    }
  });

  test("a property of every task can be set and removed without a trace", () => {
    const source = opened(text);
    for (const { pointer } of allTasks(source)) {
      const place = below(inFile(source, pointer), "x-added");
      const set = setValue(source, place, { note: "what: # is" });
      expect(linesLost(text, set.text).length).toBeLessThanOrEqual(1);
      expect(removeValue(set, place).text).toBe(text);
      const then = setValue(source, below(inFile(source, pointer), "if"), ".a == \"b\"");
      expect(removeValue(then, below(inFile(source, pointer), "if")).text.length).toBeLessThanOrEqual(text.length);
    }
  });

  test("what is read again in part is what would be read as a whole", () => {
    const source = opened(text);
    for (const { pointer } of allTasks(source)) {
      const result = duplicateTask(source, pointer).source;
      expect(result.root).toEqual(opened(result.text).root);
      const shorter = removeTask(source, pointer);
      expect(shorter.root).toEqual(opened(shorter.text).root);
    }
    const at = text.indexOf("\n", text.length / 2) + 1;
    const splice = { from: at, to: at, text: "# a comment\n" };
    expect(reopened(source, [splice])).toEqual(open(spliced(text, [splice])));
  });
});
