/** The whole session as one strip: bouts, tests, gaps and cadence, with a slider on it to move through time. */

import { useMemo } from "preact/hooks";
import { clockTime } from "../format";
import { spanOf } from "../watch/replay";
import type { Recording } from "./recording";

const WIDTH = 1000;
const HEIGHT = 60;
const COLUMNS = 500;
const TOP_CADENCE_SPM = 160;

/** The cadence as a line of at most COLUMNS points, broken where nobody walks. */
function cadencePath({ track, session }: Recording): string {
  const every = Math.max(1, Math.floor(track.time_s.length / COLUMNS));
  let path = "";
  let drawing = false;
  for (let i = 0; i < track.time_s.length; i += every) {
    const cadence_spm = track.cadence_spm[i];
    if (cadence_spm === null || cadence_spm === undefined) {
      drawing = false;
      continue;
    }
    const x = ((track.time_s[i] as number) / session.duration_s) * WIDTH;
    const y = HEIGHT - 4 - (Math.min(cadence_spm, TOP_CADENCE_SPM) / TOP_CADENCE_SPM) * (HEIGHT - 12);
    path += `${drawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
  }
  return path;
}

interface Props {
  recording: Recording;
  position_s: number;
  onSeek: (to_s: number) => void;
}

export function Overview({ recording, position_s, onSeek }: Props) {
  const { session, marks, tests } = recording;
  const duration_s = Math.max(session.duration_s, 0.1);
  const drawing = useMemo(() => {
    const box = (kind: string, from_s: number, to_s: number) => (
      <rect
        key={`${kind}${from_s}`}
        class={kind}
        x={(from_s / duration_s) * WIDTH}
        width={Math.max(1, ((to_s - from_s) / duration_s) * WIDTH)}
        height={HEIGHT}
      />
    );
    return (
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {marks.bouts.map((bout) => box("strip-bout", bout.start_s, bout.end_s))}
        {tests.map(spanOf).map((span) => span && box("strip-test", span.start_s, span.end_s))}
        {session.gap_list.map((gap) => box("strip-gap", gap.start_s, gap.end_s))}
        <path class="strip-cadence" d={cadencePath(recording)} vector-effect="non-scaling-stroke" />
      </svg>
    );
  }, [recording, duration_s]);
  return (
    <div class="strip">
      {drawing}
      <input
        type="range"
        min={0}
        max={duration_s}
        step="any"
        value={position_s}
        aria-label="Position in the session"
        aria-valuetext={`${clockTime(position_s)} of ${clockTime(duration_s)}`}
        onInput={(event) => onSeek(Number(event.currentTarget.value))}
      />
    </div>
  );
}
