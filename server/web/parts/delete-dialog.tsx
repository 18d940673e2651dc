// Asks before something is deleted, with its name and what goes with it.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import styles from "./dialog.module.css";
import { Dialog } from "./dialog.tsx";
import { FailureOf } from "./failure.tsx";

export interface DeleteDialogProps {
  /** `job churn-3` */
  readonly what: string;
  readonly consequence: string;
  onDelete(): Promise<void>;
  onDeleted(): void;
  onClose(): void;
}

export function DeleteDialog({ what, consequence, onDelete, onDeleted, onClose }: DeleteDialogProps) {
  const { mutate, error, isPending } = useMutation({ mutationFn: onDelete, onSuccess: onDeleted });
  return (
    <Dialog title={`Delete ${what}?`} onClose={onClose}>
      <p className={styles.text}>{consequence}</p>
      {error && <FailureOf what={`The ${what} was not deleted`} error={error} />}
      <div className={styles.actions}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red" onClick={() => mutate()} loading={isPending}>
          Delete {what}
        </Button>
      </div>
    </Dialog>
  );
}
