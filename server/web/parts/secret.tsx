// A secret on the screen: masked until clicked, copied as it is.
import { ActionIcon } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { CopyButton } from "./copy-button.tsx";
import styles from "./secret.module.css";

/** Stands for a key in what is shown. */
export const hiddenKey = "••••••••••••";

export interface SecretProps {
  readonly text: string;
  /** `access key`, for the buttons. */
  readonly noun: string;
  readonly revealed: boolean;
  onReveal(revealed: boolean): void;
}

export function Secret({ text, noun, revealed, onReveal }: SecretProps) {
  const Icon = revealed ? IconEyeOff : IconEye;
  return (
    <span className={styles.secret}>
      <code>{revealed ? text : hiddenKey}</code>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={revealed ? `Hide ${noun}` : `Show ${noun}`}
        title={revealed ? `Hide ${noun}` : `Show ${noun}`}
        onClick={() => onReveal(!revealed)}
      >
        <Icon size={15} stroke={1.7} />
      </ActionIcon>
      <CopyButton text={text} label={`Copy ${noun}`} />
    </span>
  );
}
