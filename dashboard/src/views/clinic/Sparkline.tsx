/** Results over time as a small line; its words say the same. */

import { spark } from "../../clinic/history";
import type { Point } from "../../clinic/history";

const WIDTH = 220;
const HEIGHT = 64;
const EDGE = 7;

export function Sparkline({ points }: { points: Point[] }) {
  const places = spark(points.map((it) => it.value)).map(({ x, y }) => ({
    x: EDGE + x * (WIDTH - 2 * EDGE),
    y: EDGE + y * (HEIGHT - 2 * EDGE),
  }));
  const words = `${points.length} results, oldest first: ${points.map((it) => it.text).join(", ")}`;
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <polyline points={places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
      {places.map(({ x, y }, i) => (
        <circle key={i} cx={x} cy={y} r={i === places.length - 1 ? 5 : 3} data-newest={i === places.length - 1} />
      ))}
    </svg>
  );
}
