/** Left and right step times beside each other; gone while nobody can tell which foot is which. */

import { fixed, share } from "../format";
import { sidesShown } from "./sidesWords";
import type { Pair, Sides } from "../wire/types";

interface Props {
  sides: Sides | null;
  pair: Pair | null;
  /** Keep the place with a word while the sides are unknown, because they were known before. */
  keepPlace: boolean;
}

export function SidesBar({ sides, pair, keepPlace }: Props) {
  const shown = sidesShown(sides, pair);
  if (shown === null) {
    return keepPlace ? <p class="sides sides-unknown">Left and right cannot be told apart at the moment.</p> : null;
  }
  const { left_s, right_s, note, double_support } = shown;
  const longest_s = Math.max(left_s, right_s);
  const bar = (side: string, time_s: number) => (
    <div class={`side side-${side}`}>
      <dt>{side === "left" ? "Left step" : "Right step"}</dt>
      <dd>{fixed(time_s, 2)} s</dd>
      <span class="side-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${(time_s / longest_s).toFixed(3)})` }} />
      </span>
    </div>
  );
  return (
    <div class="sides" data-testid="sides">
      <dl>
        {bar("left", left_s)}
        {bar("right", right_s)}
      </dl>
      <p>
        {note}
        {double_support !== null && <> Both feet on the ground: {share(double_support, 0)} % of the stride.</>}
      </p>
    </div>
  );
}
