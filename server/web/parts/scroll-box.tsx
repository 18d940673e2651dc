// A part of the page that scrolls by itself: named, and reachable by keyboard so that its end can be read without a mouse.
import type { ReactNode } from "react";

export function ScrollBox({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the arrow keys once focused
    <section className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
