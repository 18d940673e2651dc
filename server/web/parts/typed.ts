// A field whose text is kept in the address: shown at once, told after a short rest, and followed when the address changes.
import { type ChangeEvent, useEffect, useRef, useState } from "react";

const restMs = 250;

export function useTyped(kept: string, tell: (text: string) => void) {
  const [text, setText] = useState(kept);
  const told = useRef(kept);
  const latest = useRef(tell);
  latest.current = tell;

  useEffect(() => {
    if (kept === told.current) return;
    told.current = kept;
    setText(kept);
  }, [kept]);

  useEffect(() => {
    if (text === told.current) return;
    const timer = window.setTimeout(() => {
      told.current = text;
      latest.current(text);
    }, restMs);
    return () => window.clearTimeout(timer);
  }, [text]);

  return { value: text, onChange: (event: ChangeEvent<HTMLInputElement>) => setText(event.currentTarget.value) };
}
