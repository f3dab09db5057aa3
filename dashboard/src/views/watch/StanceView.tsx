/** A stance: sway as a moving trace with its ellipse, the time held, losses of balance and steps out. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { drawSoon } from "../../chart/loop";
import { Stabilogram } from "../../chart/stabilogram";
import { usePlot } from "../../chart/usePlot";
import { DASH, fixed } from "../../format";
import { startOf } from "../../watch/look";
import { endingWords } from "../../watch/words";
import type { SwayScene } from "../../chart/stabilogram";
import type { Look } from "../../watch/look";

/** After a disturbance a person is settled again. */
const SETTLED_S = 1;

/** The longest part of the hold without a disturbance, as far as it has come. */
function undisturbed(start_s: number, end_s: number, disturbed_s: readonly number[]): { from_s: number; to_s: number } {
  let longest = { from_s: start_s, to_s: start_s };
  let from_s = start_s;
  for (const at_s of [...disturbed_s, end_s]) {
    if (at_s - from_s > longest.to_s - longest.from_s) longest = { from_s, to_s: at_s };
    from_s = at_s + SETTLED_S;
  }
  return longest;
}

export function StanceView({ look }: { look: Look }) {
  const { progress, event, source } = look;
  const scene = useMemo<SwayScene>(
    () => ({ source, start_s: null, end_s: null, ellipseFrom_s: 0, ellipseTo_s: 0, disturbed_s: [], version: 0 }),
    [source],
  );
  const start_s = startOf(look.run, progress, event);
  const at_s = look.at_s ?? start_s ?? 0;
  const end_s = event === null ? null : event.held_s === null ? event.end_s : event.start_s + event.held_s;
  const until_s = Math.min(at_s, end_s ?? at_s);
  const disturbed_s = [...(progress?.loss_of_balance_s ?? []), ...(progress?.steps_out_s ?? [])].sort((a, b) => a - b);
  const window = event?.sway_window ?? null;
  const calm = window
    ? { from_s: window.start_s, to_s: window.end_s }
    : undisturbed(start_s ?? at_s, look.live ? Infinity : until_s, disturbed_s);
  const wanted = { start_s, end_s, ellipseFrom_s: calm.from_s, ellipseTo_s: calm.to_s, disturbed_s };
  if (Object.entries(wanted).some(([key, value]) => String(scene[key as keyof SwayScene]) !== String(value))) {
    Object.assign(scene, wanted, { version: scene.version + 1 });
  }
  const [area_m2ps4, setArea] = useState<number | null>(null);
  const root = usePlot((element) => new Stabilogram(element, scene, setArea), scene);
  useEffect(drawSoon, [scene.version]);
  const uncertain_s = source.uncertainUntil_s();
  const unsure = uncertain_s !== null && uncertain_s > look.from_s;
  const measured = progress?.sway?.ellipse95_m2ps4;
  const held_s = progress?.held_s ?? null;
  const hold_s = look.run.hold_s ?? event?.hold_s ?? null;
  return (
    <div class="stance">
      <figure class="test-chart stance-figure">
        <figcaption>
          Sway from above <small>the last two seconds strong; the ellipse holds 95 %</small>
        </figcaption>
        <div
          class="sway-plot"
          role="img"
          aria-label="Sway of the trunk seen from above, sideways against forward, with the ellipse that holds 95 % of it. Its figures are in the table."
          ref={root}
        />
        {unsure && <p class="test-chart-note">Forward is not known with certainty: the picture may be turned round.</p>}
      </figure>
      <div class="stance-side">
        <div class="hold" role="presentation">
          <span class="hold-bar" aria-hidden="true">
            <span style={{ width: `${(100 * Math.min(1, (held_s ?? 0) / (hold_s ?? 30))).toFixed(1)}%` }} />
            {start_s !== null &&
              disturbed_s.map((it) => (
                <span key={it} class="hold-mark" style={{ left: `${(100 * Math.min(1, (it - start_s) / (hold_s ?? 30))).toFixed(1)}%` }} />
              ))}
          </span>
        </div>
        <table class="plain-table stance-table">
          <caption class="visually-hidden">The stance so far</caption>
          <tbody>
            <Line name="Held" value={held_s === null ? DASH : `${fixed(held_s, 1)} s${hold_s === null ? "" : ` of ${hold_s} s`}`} />
            <Line name="Losses of balance" value={timesWords(progress?.loss_of_balance_s ?? [], start_s)} times />
            <Line name="Steps out" value={timesWords(progress?.steps_out_s ?? [], start_s)} times />
            <Line name="Sway, sideways" value={sway(progress?.sway?.rms_ml_mps2)} />
            <Line name="Sway, forward and back" value={sway(progress?.sway?.rms_ap_mps2)} />
            <Line name={measured == null ? "95 % ellipse, as drawn" : "95 % ellipse"} value={area(measured ?? area_m2ps4)} />
          </tbody>
        </table>
        {!look.live && at_s >= (event?.end_s ?? Infinity) && <p class="table-empty">{endingWords(event?.ended_by ?? null)}</p>}
      </div>
    </div>
  );
}

const area = (value: number | null): string => (value === null ? DASH : `${value.toPrecision(2)} m²/s⁴`);

const sway = (value: number | null | undefined): string => (value == null ? DASH : `${fixed(value, 3)} m/s²`);

function timesWords(times_s: readonly number[], start_s: number | null): string {
  if (times_s.length === 0) return "none";
  return times_s.map((at_s) => `${fixed(at_s - (start_s ?? 0), 1)} s`).join(", ");
}

interface LineProps {
  name: string;
  value: string;
  /** A list that may be long. */
  times?: boolean;
}

function Line({ name, value, times = false }: LineProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class={times ? "stance-times" : ""}>{value}</td>
    </tr>
  );
}
