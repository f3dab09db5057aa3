/** A chair stand: repetitions with their times, rises that did not count, how fast each rise was. */

import { DASH, fixed } from "../../format";
import { startOf } from "../../watch/look";
import { RateChart } from "./RateChart";
import type { Lane } from "../../chart/ratePlot";
import type { Look, Rise } from "../../watch/look";

const LANES: readonly Lane[] = ["pitch"];
const NO_PARTS: readonly { start_s: number; end_s: number | null }[] = [];
const NO_TIMES: readonly number[] = [];
/** A rise belongs to the repetition whose time is this close to its end. */
const SAME_RISE_S = 1.5;

interface Row {
  at_s: number;
  counted: boolean;
  velocity_mps: number | null;
}

function rowsOf(look: Look): Row[] {
  const counted_s = look.progress?.repetition_times_s ?? [];
  const until_s = look.at_s ?? 0;
  const missed_s = (look.event?.incomplete_times_s ?? []).filter((at_s) => at_s <= until_s);
  const found = (at_s: number): Rise | undefined =>
    look.rises.find((rise) => Math.abs(rise.at_s - at_s) < SAME_RISE_S);
  return [
    ...counted_s.map((at_s, i) => ({
      at_s,
      counted: true,
      velocity_mps: look.event?.rise_velocities_mps[i] ?? found(at_s)?.velocity_mps ?? null,
    })),
    ...missed_s.map((at_s) => ({ at_s, counted: false, velocity_mps: null })),
  ].sort((a, b) => a.at_s - b.at_s);
}

export function ChairView({ look }: { look: Look }) {
  const { progress } = look;
  const start_s = startOf(look.run, progress, look.event);
  const rows = rowsOf(look);
  const incomplete = progress?.incomplete ?? 0;
  const left_s = look.run.protocol === "chair_stand_30s" ? progress?.left_s : null;
  return (
    <>
      <dl class="figures test-figures">
        <div class="figure figure-primary">
          <dt>Stands</dt>
          <dd>
            <span class="figure-value">{progress?.repetitions ?? DASH}</span>
            <span class="figure-note">{left_s == null || left_s === 0 ? "counted" : `${fixed(left_s, 0)} s left`}</span>
          </dd>
        </div>
        <div class="figure">
          <dt>Not counted</dt>
          <dd>
            <span class="figure-value">{incomplete}</span>
            <span class="figure-note">rises not high enough</span>
          </dd>
        </div>
      </dl>
      <RateChart
        look={look}
        lanes={LANES}
        parts={NO_PARTS}
        moments={progress?.repetition_times_s ?? NO_TIMES}
        label="Trunk tilt over the test with a number at each stand. The stands are in the table below."
      />
      <Repetitions rows={rows} start_s={start_s ?? 0} />
    </>
  );
}

function Repetitions({ rows, start_s }: { rows: readonly Row[]; start_s: number }) {
  const fastest_mps = Math.max(0.1, ...rows.map((row) => row.velocity_mps ?? 0));
  let number = 0;
  let before_s = start_s;
  return (
    <section class="repetitions" aria-labelledby="repetitions-heading">
      <h2 id="repetitions-heading">Repetitions</h2>
      {rows.length === 0 ? (
        <p class="table-empty">Nobody has stood up yet.</p>
      ) : (
        <table class="repetition-table">
          <caption class="visually-hidden">Every rise with its time and speed</caption>
          <thead>
            <tr>
              <th scope="col">Stand</th>
              <th scope="col">At</th>
              <th scope="col">Took</th>
              <th scope="col">Rising, m/s</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const took_s = row.at_s - before_s;
              if (row.counted) {
                before_s = row.at_s;
                number++;
              }
              return (
                <tr key={row.at_s} data-counted={row.counted}>
                  <th scope="row">{row.counted ? number : "not counted"}</th>
                  <td>{fixed(row.at_s - start_s, 1)} s</td>
                  <td>{row.counted ? `${fixed(took_s, 1)} s` : DASH}</td>
                  <td class="repetition-speed">
                    <span>{fixed(row.velocity_mps, 2)}</span>
                    <span class="repetition-bar" aria-hidden="true">
                      <span style={{ width: `${((100 * (row.velocity_mps ?? 0)) / fastest_mps).toFixed(0)}%` }} />
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
