// The state of a thing: always the same colour, icon and word. Green runs, blue waits, amber warns, red failed, grey stopped.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  type TablerIcon,
} from "@tabler/icons-react";
import type { DeploymentStatus } from "../../../lib/contract/model.ts";
import styles from "./state.module.css";

export type Tone = "good" | "waiting" | "warning" | "bad" | "still";

export interface StateProps {
  readonly tone: Tone;
  readonly word: string;
  readonly title?: string;
  /** Else the tone's own. */
  readonly Icon?: TablerIcon;
}

export function State({ tone, word, title, Icon = icons[tone] }: StateProps) {
  return (
    <span className={`${styles.state} ${styles[tone]}`} title={title}>
      <Icon size={15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}

export function DeploymentState({ status }: { status: DeploymentStatus | undefined }) {
  return status ? <State tone={toneOf[status]} word={status} /> : <State tone="still" word="not deployed" />;
}

const icons: Readonly<Record<Tone, TablerIcon>> = {
  good: IconCircleCheck,
  waiting: IconClock,
  warning: IconAlertTriangle,
  bad: IconCircleX,
  still: IconCircleDashed,
};

const toneOf: Readonly<Record<DeploymentStatus, Tone>> = {
  pending: "waiting",
  deploying: "waiting",
  deployed: "good",
  stopping: "still",
  stopped: "still",
  failed: "bad",
};
