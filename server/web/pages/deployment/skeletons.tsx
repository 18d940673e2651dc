// The page before its figures are there, in its final layout, so that nothing jumps.
import { Skeleton } from "@mantine/core";
import styles from "./deployment-page.module.css";
import tiles from "./overview/tiles.module.css";

const five = ["requests", "failures", "latency", "score", "drift"];
const three = ["probability", "latency", "requests"];

export function PageSkeleton({ name }: { name: string }) {
  return (
    <div aria-busy="true">
      <div className={styles.top}>
        <div>
          <h1 className={styles.waiting}>{name}</h1>
          <Skeleton height={18} width={280} mt={5} />
        </div>
        <Skeleton height={30} width={300} />
      </div>
      <Skeleton height={36} mb="md" />
      <TileSkeletons />
      <div className={styles.columns}>
        <div className={styles.plots}>
          <PlotSkeletons />
        </div>
        <Skeleton height={620} />
      </div>
    </div>
  );
}

export function TileSkeletons() {
  return (
    <div className={tiles.tiles}>
      {five.map((tile) => (
        <Skeleton key={tile} height={86} />
      ))}
    </div>
  );
}

export function PlotSkeletons() {
  return three.map((plot) => <Skeleton key={plot} height={304} />);
}
