// Opens an application on its own origin, signed in, in a new tab.
import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { Application } from "../../../lib/contract/application.ts";
import { applicationPath } from "./application-queries.ts";

export interface OpenApplicationProps {
  readonly application: Pick<Application, "name" | "status">;
  readonly compact?: boolean;
  readonly className?: string;
}

export function OpenApplication({ application: { name, status }, compact = false, className }: OpenApplicationProps) {
  if (status !== "running") return null;
  return (
    <Button
      className={className ?? ""}
      component="a"
      href={`${applicationPath(name)}/open`}
      target="_blank"
      rel="noreferrer"
      size={compact ? "compact-sm" : "sm"}
      variant={compact ? "default" : "filled"}
      aria-label={`Open ${name} in a new tab`}
      rightSection={<IconExternalLink size={compact ? 14 : 16} stroke={1.7} />}
    >
      Open
    </Button>
  );
}
