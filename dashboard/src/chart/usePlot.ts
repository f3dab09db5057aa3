/** Keeps one drawing on an element: sized with it, drawn in the common loop while it can be seen, recoloured. */

import { useEffect, useRef } from "preact/hooks";
import { onThemeChange } from "../theme";
import { drawSoon, onEachFrame } from "./loop";
import type { RefObject } from "preact";

export interface Plot {
  draw(now_ms: number): void;
  resize(width: number, height: number): void;
  /** Reads the colours again after the theme changed. */
  recolour(): void;
  destroy(): void;
}

/** `make` is called again when `of` is another object. */
export function usePlot(make: (root: HTMLDivElement) => Plot, of: unknown): RefObject<HTMLDivElement | null> {
  const root = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    const element = root.current as HTMLDivElement;
    const plot = make(element);
    let seen = true;
    const stopDrawing = onEachFrame((now_ms) => {
      if (seen) plot.draw(now_ms);
    });
    const size = new ResizeObserver(() => {
      plot.resize(element.clientWidth, element.clientHeight);
      drawSoon();
    });
    size.observe(element);
    const sight = new IntersectionObserver((entries) => {
      seen = entries.at(-1)?.isIntersecting ?? true;
    });
    sight.observe(element);
    const stopTheme = onThemeChange(() => {
      plot.recolour();
      drawSoon();
    });
    return () => {
      stopDrawing();
      stopTheme();
      size.disconnect();
      sight.disconnect();
      plot.destroy();
    };
  }, [of]);
  return root;
}
