// Puts its content into the page when the browser has nothing better to do: what is drawn first does not wait for it.
import { type ReactNode, useEffect, useState } from "react";

/** It is there by then, busy or not. */
const patienceMs = 2_000;

export function WhenIdle({ placeholder = null, children }: { placeholder?: ReactNode; children: ReactNode }) {
  const [idle, setIdle] = useState(false);

  useEffect(() => {
    // Safari has no idle callbacks.
    if (typeof requestIdleCallback !== "function") return setIdle(true);
    const asked = requestIdleCallback(() => setIdle(true), { timeout: patienceMs });
    return () => cancelIdleCallback(asked);
  }, []);

  return idle ? children : placeholder;
}
