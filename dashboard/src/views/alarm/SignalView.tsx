/** The minute around an alarm: how strongly it moved, how far the sensor was tipped, and the posture drawn. */

import { FEET, HEIGHT, LEFT, NORM, RIGHT, TILT, degrees, minuteOf, pathOf } from "../../alarm/minute";
import { useWidth } from "../../alarm/useWidth";
import { PHASES } from "../../alarm/words";
import { duration, fixed } from "../../format";
import type { Minute } from "../../alarm/minute";
import type { Stretch } from "../../alarm/figure";
import type { Signal } from "../../wire/alerts";

const AT_FIRST_PX = 640;
const LABEL = "Acceleration and posture in the minute around the alarm; the table below says the same";

export function SignalView({ signal }: { signal: Signal }) {
  const [frame, width] = useWidth<HTMLElement>(AT_FIRST_PX);
  const minute = minuteOf(signal, width);
  const { start_s, impact_s, dt_s, norm_mps2, tilt_rad, phases, walks } = signal;
  const { x, yNorm, yTilt } = minute;
  const at = (index: number): number => x(start_s + index * dt_s);
  return (
    <figure class="minute" ref={frame}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={LABEL}>
        <Grid minute={minute} />
        {walks.map((walk) => (
          <g key={walk.start_s}>
            <rect x={x(walk.start_s)} width={Math.max(2, x(walk.end_s) - x(walk.start_s))} y="4" height="14" rx="4" fill="var(--chart-bout)" />
            <text x={x(walk.start_s) + 5} y="15" font-size="11" fill="var(--muted)">
              walking
            </text>
          </g>
        ))}
        {phases.map((phase) => (
          <rect
            key={phase.name}
            x={x(phase.start_s)}
            width={Math.max(1, x(phase.end_s) - x(phase.start_s))}
            y={NORM.top}
            height={TILT.bottom - NORM.top}
            fill="var(--chart-gap)"
          />
        ))}
        <line x1={x(impact_s)} x2={x(impact_s)} y1={NORM.top - 6} y2={FEET + 4} stroke="var(--bad)" stroke-width="2" />
        <path d={pathOf(norm_mps2, at, yNorm)} fill="none" stroke="var(--chart-up)" stroke-width="1.5" />
        <path d={pathOf(tilt_rad, at, yTilt)} fill="none" stroke="var(--chart-side)" stroke-width="1.5" />
        {minute.stretches.map((one) => (
          <Figure key={one.start_s} stretch={one} x={x(0.5 * (one.start_s + one.end_s))} />
        ))}
        {minute.named_s.map((seconds, place) => (
          <text
            key={seconds}
            x={x(impact_s + seconds)}
            y={HEIGHT - 6}
            text-anchor={place === 0 ? "start" : seconds === 30 ? "end" : "middle"}
            font-size="12"
            fill="var(--muted)"
          >
            {seconds === 0 ? "alarm" : `${seconds > 0 ? "+" : "−"}${Math.abs(seconds)} s`}
          </text>
        ))}
      </svg>
      <figcaption>
        <span class="minute-key" data-of="norm">Acceleration, m/s² (9.8 at rest)</span>
        <span class="minute-key" data-of="tilt">How far the sensor is tipped from before, °</span>
      </figcaption>
      {phases.length > 0 && (
        <p class="panel-note">
          {phases.map(({ name, start_s: from_s, end_s: to_s }) => phaseWords(PHASES[name] ?? name, to_s - from_s)).join(" · ")}
        </p>
      )}
      <Table minute={minute} impact_s={impact_s} />
    </figure>
  );
}

const phaseWords = (name: string, lasts_s: number): string =>
  lasts_s < 0.05 ? name : `${name} ${lasts_s < 10 ? `${fixed(lasts_s, 1)} s` : duration(lasts_s)}`;

function Grid({ minute: { width, most_mps2, yNorm, yTilt } }: { minute: Minute }) {
  const lines: [number, string][] = [
    [yNorm(0), "0"],
    [yNorm(9.81), "9.8"],
    [yNorm(most_mps2), fixed(most_mps2, 0)],
    [yTilt(0), "0°"],
    [yTilt(Math.PI / 2), "90°"],
  ];
  return (
    <>
      {lines.map(([y, words]) => (
        <g key={words}>
          <line x1={LEFT} x2={width - RIGHT} y1={y} y2={y} stroke="var(--chart-grid)" />
          <text x={LEFT - 6} y={y + 4} text-anchor="end" font-size="12" fill="var(--muted)">
            {words}
          </text>
        </g>
      ))}
    </>
  );
}

/** A stick figure, tipped as the sensor is; nothing where nothing is known. */
function Figure({ stretch, x }: { stretch: Stretch; x: number }) {
  if (stretch.tilt_rad === null) {
    return (
      <text x={x} y={FEET - 16} text-anchor="middle" font-size="14" fill="var(--muted)">
        –
      </text>
    );
  }
  const turned = Math.min(90, degrees(stretch.tilt_rad));
  const colour = { upright: "var(--good)", leaning: "var(--caution)", lying: "var(--bad)", unknown: "var(--muted)" }[stretch.posture];
  // It turns about its feet; a lying one is put in the middle of its place, on the ground.
  const lying = turned / 90;
  return (
    <g
      transform={`translate(${x - 22 * lying} ${FEET - 3 * lying}) rotate(${turned.toFixed(0)})`}
      stroke={colour}
      stroke-width="3"
      fill="none"
      stroke-linecap="round"
    >
      <circle cx="0" cy="-40" r="5" />
      <path d="M0 -34 V-16 M0 -16 L-6 0 M0 -16 L6 0 M-8 -26 H8" />
    </g>
  );
}

function Table({ minute: { stretches }, impact_s }: { minute: Minute; impact_s: number }) {
  return (
    <details class="details">
      <summary>As a table</summary>
      <table class="alert-table">
        <thead>
          <tr>
            <th scope="col">From the alarm, s</th>
            <th scope="col">Posture</th>
            <th scope="col" class="number">
              Tipped, °
            </th>
          </tr>
        </thead>
        <tbody>
          {stretches.map((one) => (
            <tr key={one.start_s}>
              <td>
                {fixed(one.start_s - impact_s, 0)} to {fixed(one.end_s - impact_s, 0)}
              </td>
              <td>{one.posture === "unknown" ? "not known" : one.posture}</td>
              <td class="number">{fixed(one.tilt_rad === null ? null : degrees(one.tilt_rad), 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
