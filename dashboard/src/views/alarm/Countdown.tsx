/** The seconds that are left, as a ring that runs out; the sentence beside it says the same. */

const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;

export function Countdown({ left_s, share }: { left_s: number; share: number }) {
  return (
    <svg class="alarm-ring" viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r={RADIUS} />
      <circle cx="50" cy="50" r={RADIUS} data-left="true" stroke-dasharray={`${share * ROUND} ${ROUND}`} />
      <text x="50" y="50" dominant-baseline="central" text-anchor="middle">
        {Math.ceil(left_s)}
      </text>
    </svg>
  );
}
