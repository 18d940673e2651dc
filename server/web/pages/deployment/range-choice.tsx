// Which stretch of time the page shows. A zoom in a plot is a range of its own, left by choosing another.
import { Choice } from "../../parts/choice.tsx";
import { clockTime } from "../../parts/numbers.ts";
import { type RangeSearch, type TimeRange, type WindowName, windows } from "../../parts/time-range.ts";

export interface RangeChoiceProps {
  readonly range: TimeRange;
  onChange(range: RangeSearch): void;
}

type Option = WindowName | "all" | "between";

export function RangeChoice({ range, onChange }: RangeChoiceProps) {
  const options: { value: Option; label: string }[] = [
    ...(Object.keys(windows) as WindowName[]).map((name) => ({
      value: name,
      label: name.replace("m", " min").replace("h", " h").replace("d", " d"),
    })),
    { value: "all", label: "All" },
    ...(range.kind === "between"
      ? [{ value: "between" as const, label: `${clockTime(range.start)} – ${clockTime(range.end)}` }]
      : []),
  ];
  return (
    <Choice
      label="Range of time"
      options={options}
      value={range.kind === "last" ? range.window : range.kind}
      onChange={(value) => value !== "between" && onChange(value === "all" ? {} : { last: value })}
    />
  );
}
