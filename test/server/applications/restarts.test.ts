import { describe, expect, test } from "vitest";
import { afterEnd, defaultRestarts } from "../../../server/applications/restarts.ts";

describe("an application that ended by itself", () => {
  const quick = { readyMs: 0, hopeless: false };

  test("is restarted with a delay that doubles, and given up at the fifth quick failure", () => {
    const delays: number[] = [];
    for (let failures = 0; ; ) {
      const verdict = afterEnd(quick, failures, defaultRestarts);
      if (verdict.do === "give-up") break;
      delays.push(verdict.afterMs);
      failures = verdict.failures;
    }
    expect(delays).toEqual([500, 1000, 2000, 4000]);
  });

  test("has its failures forgiven when it ran well for a minute", () => {
    const steady = { readyMs: 60_000, hopeless: false };
    expect(afterEnd(steady, 4, defaultRestarts)).toEqual({ do: "restart", failures: 1, afterMs: 500 });
    expect(afterEnd({ ...steady, readyMs: 59_999 }, 4, defaultRestarts)).toEqual({ do: "give-up" });
  });

  test("never waits longer than the longest delay", () => {
    const patient = { ...defaultRestarts, failures: 100 };
    expect(afterEnd(quick, 50, patient)).toMatchObject({ afterMs: 30_000 });
  });

  test("is given up at once when starting it again can change nothing", () => {
    expect(afterEnd({ readyMs: 0, hopeless: true }, 0, defaultRestarts)).toEqual({ do: "give-up" });
  });
});
