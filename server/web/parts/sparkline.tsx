// The course of a figure at a glance; the plots say it exactly, so it is hidden from screen readers.
import styles from "./sparkline.module.css";

const [width, height, most] = [96, 24, 48];

export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return <span />;
  const drawn = thinned(values);
  const [low, high] = [Math.min(0, ...drawn), Math.max(...drawn)];
  const points = drawn.map((value, index) => {
    const x = (index / (drawn.length - 1)) * width;
    const y = high === low ? height - 1 : height - 1 - ((value - low) / (high - low)) * (height - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg className={styles.spark} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(" ")} />
    </svg>
  );
}

/** Means of equal stretches. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) => {
    const stretch = values.slice(
      Math.floor((index * values.length) / most),
      Math.floor(((index + 1) * values.length) / most),
    );
    return stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
  });
}
