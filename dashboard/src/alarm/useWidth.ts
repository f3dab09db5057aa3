/** How wide an element is now, in pixels. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

export function useWidth<E extends HTMLElement>(atFirst: number): [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(atFirst);
  useLayoutEffect(() => {
    const it = element.current as E;
    const measure = (): void => setWidth(Math.round(it.clientWidth) || atFirst);
    measure();
    const watching = new ResizeObserver(measure);
    watching.observe(it);
    return () => watching.disconnect();
  }, []);
  return [element, width];
}
