// Short notices of what was done, at the edge of the page: they go by themselves and are read out.
import { Notifications, notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import "../theme/notices.css";

const shownMs = 6000;
/** How long something can be taken back. */
const undoMs = 10_000;

export function Notices() {
  return <Notifications position="bottom-right" autoClose={shownMs} limit={3} containerWidth={360} />;
}

export function notify(message: ReactNode, { undoable = false }: { undoable?: boolean } = {}): string {
  return notifications.show({
    message,
    color: "teal",
    autoClose: undoable ? undoMs : shownMs,
    closeButtonProps: { "aria-label": "Close notice" },
  });
}

export function notifyFailure(what: string, error: Error): void {
  notifications.show({
    title: what,
    message: error.message,
    color: "red",
    autoClose: undoMs,
    closeButtonProps: { "aria-label": "Close notice" },
  });
}

export function closeNotice(id: string): void {
  notifications.hide(id);
}
