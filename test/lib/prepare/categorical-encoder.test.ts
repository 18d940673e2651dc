import { describe, expect, test } from "vitest";
import { frameOf } from "../../../lib/frame/frame.ts";
import { CategoricalEncoder } from "../../../lib/prepare/categorical-encoder.ts";

const customers = {
  id: ["a", "b", "c"],
  contract: ["Two year", "Month-to-month", "One year"],
  tenure: [3, 1, 2],
  paperless: [true, false, true],
};

describe("CategoricalEncoder", () => {
  test("codes categories alphabetically and leaves numbers", () => {
    const X = new CategoricalEncoder({ columns: ["contract", "tenure", "paperless"] }).fitTransform(customers);
    expect(X).toEqual({
      rows: 3,
      columns: 3,
      names: ["contract", "tenure", "paperless"],
      data: Float64Array.of(2, 3, 1, 0, 1, 0, 1, 2, 1),
    });
  });

  test("takes an arquero table as it takes plain columns", () => {
    const frame = frameOf(
      customers.id.map((id, i) => ({ id, contract: customers.contract[i]!, tenure: customers.tenure[i]! })),
    );
    const columns = ["tenure", "contract"];
    expect(new CategoricalEncoder({ columns }).fitTransform(frame)).toEqual(
      new CategoricalEncoder({ columns }).fitTransform(customers),
    );
  });

  test("treats numbers as categories where it is told to", () => {
    const encoder = new CategoricalEncoder({ columns: ["tenure"], categorical: ["tenure"] }).fit(customers);
    expect(encoder.categories).toEqual({ tenure: ["1", "2", "3"] });
  });

  test("takes every column when none is named", () => {
    expect(new CategoricalEncoder().fit(customers).columns).toEqual(["id", "contract", "tenure", "paperless"]);
  });

  test("decodes what it encoded", () => {
    const encoder = new CategoricalEncoder().fit(customers);
    expect(encoder.decode("contract", encoder.encode("contract", "One year"))).toBe("One year");
    expect(encoder.decode("tenure", 7.5)).toBe(7.5);
    expect(() => encoder.decode("contract", 3)).toThrow('Cannot decode column "contract": found 3');
  });

  test("names the column, row and value of an unknown category", () => {
    const encoder = new CategoricalEncoder({ columns: ["contract"] }).fit(customers);
    expect(() => encoder.transform({ contract: ["One year", "Weekly"] })).toThrow(
      'Cannot encode column "contract" in row 1: found "Weekly", expected one of "Month-to-month", "One year", "Two year"',
    );
  });

  test("names the column and row of a number that is none", () => {
    const encoder = new CategoricalEncoder({ columns: ["tenure"] }).fit(customers);
    for (const bad of [null, Number.NaN, "12"]) {
      expect(() => encoder.transform({ tenure: [1, bad] })).toThrow(
        /Cannot encode column "tenure" in row 1: found .*expected a number/,
      );
    }
  });

  test("says what to do about a missing category", () => {
    expect(() => new CategoricalEncoder().fit({ contract: ["One year", null] })).toThrow(
      /row 1: found no value.*dropNulls/,
    );
  });

  test("is the same after its JSON", () => {
    const encoder = new CategoricalEncoder().fit(customers);
    const back = CategoricalEncoder.fromJSON(JSON.parse(JSON.stringify(encoder)));
    expect(back.transform(customers)).toEqual(encoder.transform(customers));
    expect(back.categories).toEqual(encoder.categories);
  });

  test("says that it is not fitted", () => {
    expect(() => new CategoricalEncoder().transform(customers)).toThrow("expected fit() before");
  });
});
