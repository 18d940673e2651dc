// Puts its content into the page once it comes near the screen, so that a long page costs what is looked at.
import { type ReactNode, useEffect, useRef, useState } from "react";

export function WhenSeen({ placeholder, children }: { placeholder: ReactNode; children: ReactNode }) {
  const holder = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);

  useEffect(() => {
    if (!holder.current || seen) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: "300px" },
    );
    watcher.observe(holder.current);
    return () => watcher.disconnect();
  }, [seen]);

  return <div ref={holder}>{seen ? children : placeholder}</div>;
}
