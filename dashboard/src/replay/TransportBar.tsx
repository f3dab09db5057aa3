/** The buttons of a replay: play, jump to a walk, speed. */

import { clockTime } from "../format";
import { BackIcon, ForwardIcon, PauseIcon, PlayIcon } from "../views/icons";
import { SPEEDS } from "./transport";
import type { Recording } from "./recording";
import type { Transport } from "./transport";

/** A walk is shown from a little before its first step. */
const BEFORE_WALK_S = 1;

export function TransportBar({ recording, onChange }: { recording: Recording; onChange: () => void }) {
  const { transport, marks } = recording;
  const at_s = transport.position_s;
  const starts_s = marks.bouts.map((bout) => Math.max(0, bout.start_s - BEFORE_WALK_S));
  const earlier_s = starts_s.findLast((start_s) => start_s < at_s - 2);
  const later_s = starts_s.find((start_s) => start_s > at_s + 0.01);
  const act = (action: () => void) => (): void => {
    action();
    onChange();
  };
  const jump = (to_s: number | undefined) => act(() => to_s !== undefined && transport.seek(to_s));
  return (
    <div class="transport">
      <PlayButton transport={transport} onChange={onChange} />
      <output class="transport-time" data-testid="position">
        {clockTime(at_s)} <span>of {clockTime(transport.duration_s)}</span>
      </output>
      <div class="transport-walks">
        <button type="button" class="button" disabled={earlier_s === undefined} onClick={jump(earlier_s)}>
          <BackIcon /> Previous walk
        </button>
        <button type="button" class="button" disabled={later_s === undefined} onClick={jump(later_s)}>
          Next walk <ForwardIcon />
        </button>
      </div>
      <Speeds transport={transport} onChange={onChange} />
    </div>
  );
}

interface Props {
  transport: Transport;
  onChange: () => void;
}

export function PlayButton({ transport, onChange }: Props) {
  return (
    <button
      type="button"
      class="button button-strong button-play"
      data-testid="play"
      onClick={() => {
        transport.toggle();
        onChange();
      }}
    >
      {transport.playing ? <PauseIcon /> : <PlayIcon />}
      {transport.playing ? "Pause" : "Play"}
    </button>
  );
}

export function Speeds({ transport, onChange }: Props) {
  return (
    <div class="speeds" role="group" aria-label="Speed">
      {SPEEDS.map((speed) => (
        <button
          key={speed}
          type="button"
          aria-pressed={transport.speed === speed}
          onClick={() => {
            transport.speed = speed;
            onChange();
          }}
        >
          {speed}×
        </button>
      ))}
    </div>
  );
}
