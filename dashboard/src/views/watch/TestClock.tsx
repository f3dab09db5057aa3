/** The test's clock, written into the page in the common loop without rendering anything else. */

import { useEffect, useRef } from "preact/hooks";
import { onEachFrame } from "../../chart/loop";
import { clockTime } from "../../format";

const FINE_BELOW_S = 100;

/** 12.3, 2:05, −3 before the start. */
export function clockText(seconds: number): string {
  if (seconds < 0) return `−${Math.ceil(-seconds)}`;
  return seconds < FINE_BELOW_S ? (Math.floor(seconds * 10) / 10).toFixed(1) : clockTime(seconds);
}

interface Props {
  /** Seconds since the start at a moment of the page's clock, null while there is none. */
  read: (now_ms: number) => number | null;
  label: string;
}

export function TestClock({ read, label }: Props) {
  const element = useRef<HTMLSpanElement | null>(null);
  const reading = useRef(read);
  reading.current = read;
  useEffect(() => {
    let shown = "";
    return onEachFrame((now_ms) => {
      const seconds = reading.current(now_ms);
      const text = seconds === null ? "–" : clockText(seconds);
      if (text === shown || element.current === null) return;
      shown = text;
      element.current.textContent = text;
    });
  }, []);
  return (
    <p class="test-clock" role="timer" aria-label={label}>
      <span ref={element} data-testid="test-clock" /> <small>s</small>
    </p>
  );
}
