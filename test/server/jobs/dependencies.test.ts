import { describe, expect, test } from "vitest";
import { allAfter, circleThrough, readyAfter, unknownJob } from "../../../server/jobs/dependencies.ts";
import { nextTime } from "../../../server/jobs/schedule.ts";

const diamond = [
  { name: "root", after: [] },
  { name: "left", after: ["root"] },
  { name: "right", after: ["root"] },
  { name: "end", after: ["left", "right"] },
];

describe("jobs after one another", () => {
  test("the last one is ready when all before it have succeeded, not earlier", () => {
    expect(readyAfter("root", diamond, new Set(["root"]))).toEqual(["left", "right"]);
    expect(readyAfter("left", diamond, new Set(["root", "left"]))).toEqual([]);
    expect(readyAfter("right", diamond, new Set(["root", "left", "right"]))).toEqual(["end"]);
  });

  test("all that comes after is named, however far", () => {
    expect(allAfter("root", diamond)).toEqual(["end", "left", "right"]);
    expect(allAfter("end", diamond)).toEqual([]);
  });

  test("a circle is named from the job to itself; a diamond is none", () => {
    expect(circleThrough({ name: "root", after: ["end"] }, diamond)).toEqual(["root", "end", "left", "root"]);
    expect(circleThrough(diamond[3]!, diamond)).toBeUndefined();
    expect(unknownJob({ name: "x", after: ["root", "none"] }, new Set(["root"]))).toBe("none");
  });
});

describe("schedules", () => {
  const at = (text: string) => Date.parse(text);

  test("are in the time of their zone, over a change of summer time too", () => {
    const daily = { cron: "30 2 * * *", timeZone: "Europe/Berlin" };
    expect(nextTime(daily, at("2026-01-10T00:00:00Z"))).toBe(at("2026-01-10T01:30:00Z"));
    expect(nextTime(daily, at("2026-07-10T00:00:00Z"))).toBe(at("2026-07-10T00:30:00Z"));
  });

  test("the next time is later than now", () => {
    const hourly = { cron: "0 * * * *", timeZone: "UTC" };
    expect(nextTime(hourly, at("2026-01-10T05:00:00Z"))).toBe(at("2026-01-10T06:00:00Z"));
  });
});
