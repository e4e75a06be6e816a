/** Which runs of a step there are to try on. */
import { expect, test } from "vitest";
import { runsOfTask, type Run } from "../../../src/pages/flows/editor/form/check/runs";

const run = (run_id: number, parent_id: number, task: string, iteration: number | null = null, more: Partial<Run> = {}): Run => ({ run_id, parent_id, task, iteration, attempt: 1, status: "completed", count: 1, ...more });

test("those of the task, as they began, with the iterations of all loops around, wherever it moved in its list", () => {
  const runs = [
    run(3, 2, "/do/0/each/do/0/row/do/0/cell", 0),
    run(4, 2, "/do/0/each/do/0/row/do/0/cell", 1, { status: "faulted", attempt: 2 }),
    run(2, 1, "/do/0/each/do/0/row", 0),
    run(6, 5, "/do/0/each/do/0/row/do/0/cell", 0),
    run(5, 1, "/do/0/each/do/0/row", 1),
    run(1, 0, "/do/0/each"),
    run(0, 0, ""),
  ];
  expect(runsOfTask(runs, "/do/3/each/do/1/row/do/2/cell")).toEqual([
    { id: 3, status: "completed", iterations: [0, 0], attempt: 1 },
    { id: 4, status: "faulted", iterations: [0, 1], attempt: 2 },
    { id: 6, status: "completed", iterations: [1, 0], attempt: 1 },
  ]);
  expect(runsOfTask(runs, "/do/0/each")).toEqual([{ id: 1, status: "completed", iterations: [], attempt: 1 }]);
  expect(runsOfTask(runs, "/do/0/other")).toEqual([]);
});

test("a sum of many has no data of its own; a task whose name is a number is not taken for a place", () => {
  const runs = [run(1, 0, "/do/0/7"), run(2, 0, "/do/1/8"), run(3, 0, "/do/0/7", null, { count: 500 })];
  expect(runsOfTask(runs, "/do/4/7").map(({ id }) => id)).toEqual([1]);
});
