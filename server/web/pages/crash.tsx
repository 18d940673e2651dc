// A page whose own code threw: said plainly, with a way back.
import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { NoticePage } from "../parts/notice-page.tsx";

export function Crash({ error }: ErrorComponentProps) {
  return (
    <NoticePage title="This page failed to show">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <Button variant="default" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </NoticePage>
  );
}
