// One figure with its unit, what it is made of, and its recent course.
import { Paper } from "@mantine/core";
import { Sparkline } from "./sparkline.tsx";
import styles from "./tile.module.css";

export interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly detail: string;
  readonly tone?: "bad" | undefined;
  readonly course?: readonly number[] | undefined;
}

export function Tile({ name, value, unit, detail, tone, course = [] }: TileProps) {
  return (
    <Paper className={styles.tile}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.figure}>
        <span className={styles.value}>
          <span className={tone === "bad" ? styles.bad : undefined}>{value}</span>
          {unit && <span className={styles.unit}> {unit}</span>}
        </span>
        <Sparkline values={course} />
        <span className={styles.detail}>{detail}</span>
      </dd>
    </Paper>
  );
}
