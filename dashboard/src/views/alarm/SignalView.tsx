/** The minute around an alarm: how strongly it moved, and the posture drawn every five seconds. */

import { posturesOver } from "../../alarm/figure";
import { fixed } from "../../format";
import type { Stretch } from "../../alarm/figure";
import type { Signal } from "../../wire/alerts";

const WIDTH = 900;
const HEIGHT = 300;
const LEFT = 44;
const TOP = 12;
const CURVE = 180;
const FIGURE_Y = 236;
const EVERY_S = 5;
const LEAST_TOP_MPS2 = 20;

export function SignalView({ signal }: { signal: Signal }) {
  const { start_s, end_s, impact_s, dt_s, norm_mps2, tilt_rad } = signal;
  const most = Math.max(LEAST_TOP_MPS2, ...norm_mps2.map((value) => value ?? 0));
  const x = (time_s: number): number => LEFT + ((time_s - start_s) / (end_s - start_s)) * (WIDTH - LEFT - 8);
  const y = (value: number): number => TOP + CURVE - (value / most) * CURVE;
  const stretches = posturesOver(tilt_rad, start_s, dt_s, EVERY_S);
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Acceleration and posture in the minute around the alarm; the table below says the same">
        {[0, 9.81, most].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} stroke="var(--chart-grid)" />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end" font-size="12" fill="var(--muted)">
              {fixed(value, 0)}
            </text>
          </g>
        ))}
        <line x1={x(impact_s)} x2={x(impact_s)} y1={TOP} y2={FIGURE_Y + 30} stroke="var(--bad)" stroke-width="2" />
        <path d={pathOf(norm_mps2, start_s, dt_s, x, y)} fill="none" stroke="var(--chart-up)" stroke-width="1.4" />
        {stretches.map((one) => (
          <Figure key={one.start_s} stretch={one} x={x(0.5 * (one.start_s + one.end_s))} />
        ))}
        {[-30, -20, -10, 0, 10, 20, 30].map((seconds) => (
          <text key={seconds} x={x(impact_s + seconds)} y={HEIGHT - 6} text-anchor={seconds === 30 ? "end" : seconds === -30 ? "start" : "middle"} font-size="12" fill="var(--muted)">
            {seconds === 0 ? "alarm" : `${seconds > 0 ? "+" : "−"}${Math.abs(seconds)} s`}
          </text>
        ))}
      </svg>
      <figcaption>
        Length of the acceleration, m/s² (9.8 at rest). The figures show how far the sensor is tipped from where it was before.
      </figcaption>
      <details class="details">
        <summary>As a table</summary>
        <table class="alert-table">
          <thead>
            <tr>
              <th scope="col">From the alarm, s</th>
              <th scope="col">Posture</th>
              <th scope="col">Tipped, °</th>
            </tr>
          </thead>
          <tbody>
            {stretches.map((one) => (
              <tr key={one.start_s}>
                <td class="number">
                  {fixed(one.start_s - impact_s, 0)} to {fixed(one.end_s - impact_s, 0)}
                </td>
                <td>{one.posture}</td>
                <td class="number">{fixed(one.tilt_rad === null ? null : (one.tilt_rad * 180) / Math.PI, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function pathOf(
  values: readonly (number | null)[],
  start_s: number,
  dt_s: number,
  x: (time_s: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let pen = false;
  values.forEach((value, at) => {
    if (value === null) {
      pen = false;
      return;
    }
    path += `${pen ? "L" : "M"}${x(start_s + at * dt_s).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  return path;
}

/** A stick figure, tipped as the sensor is; nothing where nothing is known. */
function Figure({ stretch, x }: { stretch: Stretch; x: number }) {
  if (stretch.tilt_rad === null) {
    return (
      <text x={x} y={FIGURE_Y + 4} text-anchor="middle" font-size="14" fill="var(--muted)">
        –
      </text>
    );
  }
  const turned = Math.min(90, (stretch.tilt_rad * 180) / Math.PI);
  const colour = { upright: "var(--good)", leaning: "var(--caution)", lying: "var(--bad)", unknown: "var(--muted)" }[stretch.posture];
  return (
    <g transform={`translate(${x} ${FIGURE_Y + 20}) rotate(${turned.toFixed(0)})`} stroke={colour} stroke-width="3" fill="none" stroke-linecap="round">
      <circle cx="0" cy="-40" r="5" />
      <path d="M0 -34 V-16 M0 -16 L-6 0 M0 -16 L6 0 M-8 -26 H8" />
    </g>
  );
}
