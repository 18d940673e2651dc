// Copies a text and says so, in the button and to screen readers. Works without a secure context too.
import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";

const shownMs = 1500;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [result, setResult] = useState<"none" | "copied" | "refused">("none");

  useEffect(() => {
    if (result === "none") return;
    const timer = window.setTimeout(() => setResult("none"), shownMs);
    return () => window.clearTimeout(timer);
  }, [result]);

  const Icon = result === "copied" ? IconCheck : result === "refused" ? IconX : IconCopy;
  return (
    <>
      <ActionIcon
        variant="subtle"
        color={result === "copied" ? "teal" : "gray"}
        size="sm"
        aria-label={label}
        title={label}
        onClick={async () => setResult((await copy(text)) ? "copied" : "refused")}
      >
        <Icon size={15} stroke={1.7} />
      </ActionIcon>
      <VisuallyHidden role="status">
        {result === "copied" ? "Copied" : result === "refused" ? "The browser refused to copy" : ""}
      </VisuallyHidden>
    </>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Plain HTTP on another host has no clipboard object; a selection still copies. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = Object.assign(document.createElement("textarea"), { value: text });
  area.style.cssText = "position:fixed;opacity:0";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
