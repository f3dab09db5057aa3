/** The one animation loop of the page: every chart draws in it, and none draws outside. */

type Draw = (now_ms: number) => void;

/** A trace moves about one pixel per 1/30 s; drawing more often shows nothing more. */
const FRAME_MS = 1000 / 30;
/** Where the reader asked for less motion, charts move on once a second. */
const CALM_FRAME_MS = 1000;
/** A display of 60 Hz calls a little early or late. */
const SLACK_MS = 4;

const draws = new Set<Draw>();
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let request = 0;
let last_ms = -Infinity;

function frame(now_ms: number): void {
  request = draws.size > 0 ? requestAnimationFrame(frame) : 0;
  if (now_ms - last_ms < (calm.matches ? CALM_FRAME_MS : FRAME_MS) - SLACK_MS) return;
  last_ms = now_ms;
  for (const draw of draws) draw(performance.now());
}

/** Calls `draw` on every frame until the returned function is called. */
export function onEachFrame(draw: Draw): () => void {
  draws.add(draw);
  if (request === 0) request = requestAnimationFrame(frame);
  return () => draws.delete(draw);
}

/** Lets the next display frame draw even in calm mode: something was done to the chart by hand. */
export function drawSoon(): void {
  last_ms = -Infinity;
}
