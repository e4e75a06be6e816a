import { describe, expect, test } from "vitest";
import { linesFor, withLine, type FunctionLine } from "../../src/pages/operations/functions/lines";

function line(number: number, text = `line ${number}`, stream = "stdout"): FunctionLine {
  return { number, at: number, stream, text, execution: null, run_id: null };
}

describe("the lines of a function", () => {
  test("are each there once, also when a connection begins again", () => {
    const lines = [line(1), line(2), line(2), line(1), line(3)].reduce<readonly FunctionLine[]>((before, each) => withLine(before, each), []);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3]);
  });
  test("are bounded: the oldest go first", () => {
    const lines = [1, 2, 3, 4].reduce<readonly FunctionLine[]>((before, number) => withLine(before, line(number), 2), []);
    expect(lines.map(({ number }) => number)).toEqual([3, 4]);
  });
  test("are found by what they say and where they were written", () => {
    const lines = [line(1, "Charged 12"), line(2, "warning: slow", "stderr"), line(3, "ended with exit code 1", "host")];
    expect(linesFor(lines, "charged", "all").map(({ number }) => number)).toEqual([1]);
    expect(linesFor(lines, "", "errors").map(({ number }) => number)).toEqual([2]);
    expect(linesFor(lines, " ", "host").map(({ number }) => number)).toEqual([3]);
  });
});
