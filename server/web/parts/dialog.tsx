// A dialog over the page: Esc and the cross close it, focus stays inside and returns.
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import "../theme/forms.css";
import styles from "./dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly size?: "md" | "lg";
  readonly children: ReactNode;
  onClose(): void;
}

export function Dialog({ title, size = "md", children, onClose }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size === "lg" ? "42rem" : "30rem"}
      classNames={{ title: styles.title, content: styles.content, header: styles.header }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {children}
    </Modal>
  );
}
