// Asks before something that is not taken back: the button says what happens, and where much is lost the name is typed first.
import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import styles from "./dialog.module.css";
import { Dialog } from "./dialog.tsx";
import { FailureOf } from "./failure.tsx";

export interface ConfirmProps {
  /** `Delete model churn?` */
  readonly title: string;
  /** `Delete churn` */
  readonly action: string;
  readonly danger?: boolean;
  /** Has to be typed before. */
  readonly name?: string;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly children: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

export function Confirm({ title, action, danger, name, busy, error, children, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const ready = name === undefined || typed.trim() === name;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm();
        }}
      >
        <p className={styles.text}>{children}</p>
        {name !== undefined && (
          <TextInput
            label={`Type ${name} to confirm`}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {error && !busy && <FailureOf what={`${action}: it did not work`} error={error} />}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!ready} {...(danger && { color: "red" })}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
