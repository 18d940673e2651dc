// Which stretch of time the page shows. A zoom in a plot is a range of its own, left by choosing another.
import { SegmentedControl } from "@mantine/core";
import { clockTime } from "../../parts/numbers.ts";
import { type RangeSearch, type TimeRange, type WindowName, windows } from "../../parts/time-range.ts";
import styles from "./range-choice.module.css";

export interface RangeChoiceProps {
  readonly range: TimeRange;
  onChange(range: RangeSearch): void;
}

export function RangeChoice({ range, onChange }: RangeChoiceProps) {
  const options = [
    ...Object.keys(windows).map((name) => ({
      value: name,
      label: name.replace("m", " min").replace("h", " h").replace("d", " d"),
    })),
    { value: "all", label: "All" },
    ...(range.kind === "between"
      ? [{ value: "between", label: `${clockTime(range.start)} – ${clockTime(range.end)}` }]
      : []),
  ];
  return (
    <SegmentedControl
      className={styles.choice}
      aria-label="Range of time"
      size="xs"
      data={options}
      value={range.kind === "last" ? range.window : range.kind}
      onChange={(value) => value !== "between" && onChange(value === "all" ? {} : { last: value as WindowName })}
    />
  );
}
