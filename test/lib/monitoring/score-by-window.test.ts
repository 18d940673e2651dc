import { expect, test } from "vitest";
import { scoreByWindow } from "../../../lib/monitoring/score-by-window.ts";

test("every window has its accuracy, the last short one too and is marked", () => {
  const labels = [1, 0, 1, 1, 0, 0, 1];
  const predicted = [1, 0, 0, 1, 1, 0, 1];
  expect(scoreByWindow(labels, predicted, { windowCalls: 3 })).toEqual([
    { first: 0, last: 2, calls: 3, score: 2 / 3, partial: false },
    { first: 3, last: 5, calls: 3, score: 2 / 3, partial: false },
    { first: 6, last: 6, calls: 1, score: 1, partial: true },
  ]);
});

test("another score takes accuracy's place", () => {
  const bias = (labels: ArrayLike<number>, predicted: ArrayLike<number>) => predicted[0]! - labels[0]!;
  expect(scoreByWindow([0, 1], [1, 1], { windowCalls: 1, score: bias }).map(({ score }) => score)).toEqual([1, 0]);
});

test("no calls have no windows; unequal lengths and a window of nothing are refused", () => {
  expect(scoreByWindow([], [])).toEqual([]);
  expect(() => scoreByWindow([1], [])).toThrow("found 1 and 0 values");
  expect(() => scoreByWindow([1], [1], { windowCalls: 0 })).toThrow("windowCalls");
});
