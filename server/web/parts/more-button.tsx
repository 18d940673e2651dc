// Brings the next page of a list that is read by the page.
import { Button } from "@mantine/core";
import styles from "./more-button.module.css";

export interface MoreButtonProps {
  readonly more: boolean;
  readonly loading: boolean;
  onMore(): void;
}

export function MoreButton({ more, loading, onMore }: MoreButtonProps) {
  if (!more) return null;
  return (
    <div className={styles.more}>
      <Button variant="default" size="compact-sm" loading={loading} onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}
