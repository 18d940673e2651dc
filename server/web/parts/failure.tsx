// Something did not work: what, why, what to do, and the request id to quote. The rest of the page stays.
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError } from "./api.ts";
import { CopyButton } from "./copy-button.tsx";
import styles from "./failure.module.css";

export interface FailureProps {
  readonly what: string;
  readonly why: string;
  readonly todo?: string | undefined;
  readonly place?: string | undefined;
  readonly requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
}

export function Failure({ what, why, todo, place, requestId, onRetry }: FailureProps) {
  return (
    <div className={styles.failure} role="alert">
      <IconAlertTriangle className={styles.icon} size={18} stroke={1.8} aria-hidden />
      <div className={styles.text}>
        <p className={styles.what}>{what}</p>
        <p>{why}</p>
        {place && (
          <p>
            In the notebook: <strong>{place}</strong>
          </p>
        )}
        {todo && <p className={styles.todo}>{todo}</p>}
        {(onRetry || requestId) && (
          <div className={styles.actions}>
            {onRetry && (
              <Button size="compact-sm" variant="default" onClick={onRetry}>
                Try again
              </Button>
            )}
            {requestId && (
              <span className={styles.request}>
                request <code title={requestId}>{requestId.slice(0, 7)}</code>
                <CopyButton text={requestId} label="Copy request id" />
              </span>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

/** A failed read or call, in the reader's words. */
export function FailureOf({ what, error, onRetry }: { what: string; error: Error; onRetry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Failure
      what={what}
      why={error.message}
      todo={known && advice[known.code]}
      place={known?.place}
      requestId={known?.requestId}
      onRetry={onRetry}
    />
  );
}

const advice: Readonly<Partial<Record<ApiError["code"], string>>> = {
  offline: "See whether the server still runs: cellwright status. Start it with cellwright start.",
  unauthorized: "Check the access key, or open the link that cellwright start printed.",
  bad_request: "Compare the input with the example; keys, types and categories must fit the model's signature.",
  model_error: "The function itself threw. Mend the cell and deploy again; the replica goes on answering.",
  busy: "Every replica is busy and the queue is full. Wait a moment, or deploy with more replicas.",
  not_ready: "No replica is ready. Wait until the state says deployed.",
  timeout: "The model took longer than it may. Its replica is replaced; try a smaller input.",
  too_large: "Send a smaller input.",
  internal: "Try again. If it stays, look for the request id in the server's log.",
};
