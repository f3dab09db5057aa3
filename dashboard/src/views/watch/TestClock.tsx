/** The test's clock, written into the page in the common loop without rendering anything else. */

import { useEffect, useRef } from "preact/hooks";
import { onEachFrame } from "../../chart/loop";
import { clockText } from "../../watch/words";

interface Props {
  /** Seconds since the start at a moment of the page's clock, null while there is none. */
  read: (now_ms: number) => number | null;
  label: string;
  /** Minutes and seconds: the test takes minutes. */
  minutes: boolean;
}

export function TestClock({ read, label, minutes }: Props) {
  const element = useRef<HTMLSpanElement | null>(null);
  const reading = useRef(read);
  reading.current = read;
  useEffect(() => {
    let shown = "";
    return onEachFrame((now_ms) => {
      const seconds = reading.current(now_ms);
      const text = seconds === null ? "–" : clockText(seconds, minutes);
      if (text === shown || element.current === null) return;
      shown = text;
      element.current.textContent = text;
    });
  }, [minutes]);
  return (
    <p class="test-clock" role="timer" aria-label={label}>
      <span ref={element} data-testid="test-clock" />
    </p>
  );
}
