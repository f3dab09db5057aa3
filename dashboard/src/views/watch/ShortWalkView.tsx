/** A walk over a few metres against the clock: distance so far, trunk rotation, step times. */

import { DASH, fixed } from "../../format";
import { startOf, whenWords } from "../../watch/look";
import { stepRows } from "../../watch/moment";
import { RateChart } from "./RateChart";
import { StepTimes } from "./StepTimes";
import type { Lane } from "../../chart/ratePlot";
import type { Look } from "../../watch/look";

const LANES: readonly Lane[] = ["pitch", "yaw"];
const NO_PARTS: readonly { start_s: number; end_s: number | null }[] = [];
const T25FW_M = 7.62;

export function ShortWalkView({ look }: { look: Look }) {
  const { run, progress, event } = look;
  const start_s = startOf(run, progress, event);
  const at_s = look.at_s ?? start_s ?? 0;
  const until_s = Math.min(at_s, event?.end_s ?? at_s);
  const course_m = run.protocol === "t25fw" ? T25FW_M : run.course_length_m;
  const distance_m = progress?.distance_m ?? null;
  const steps = start_s === null ? [] : stepRows(look.source.marks, start_s, until_s);
  return (
    <>
      <dl class="figures test-figures">
        <div class="figure">
          <dt>Distance</dt>
          <dd>
            <span class="figure-value" data-unknown={distance_m === null}>
              {distance_m === null ? DASH : `${fixed(distance_m, 1)} m`}
            </span>
            <span class="figure-note">{course_m === null ? "by step length" : `of ${course_m} m`}</span>
          </dd>
        </div>
        <div class="figure">
          <dt>Steps</dt>
          <dd>
            <span class="figure-value">{progress?.steps ?? (steps.length === 0 ? DASH : steps.length + 1)}</span>
            <span class="figure-note">{whenWords(look)}</span>
          </dd>
        </div>
      </dl>
      <RateChart look={look} lanes={LANES} parts={NO_PARTS} label="Trunk tilt and turning over the walk." />
      <StepTimes rows={steps} start_s={start_s ?? 0} />
    </>
  );
}
