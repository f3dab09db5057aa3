/** How long at a time, and how fast: tables with a bar in every row. */

import { minutes, whole } from "../format";
import { lengthWords, speedWords, usedSpeeds } from "../people/bins";
import type { LengthClass, SpeedClass } from "../wire/people";

interface Bar {
  name: string;
  walking_s: number;
  /** Said after the minutes. */
  more: string | null;
}

function Bars({ caption, first, more, bars }: { caption: string; first: string; more: string | null; bars: Bar[] }) {
  const most_s = Math.max(...bars.map((bar) => bar.walking_s), 1e-9);
  return (
    <table class="bars">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          {more !== null && <th scope="col" class="number">{more}</th>}
          <th scope="col" class="number">Minutes</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.name}>
            <th scope="row">{bar.name}</th>
            {bar.more !== null && <td class="number">{bar.more}</td>}
            <td class="number">{minutes(bar.walking_s)}</td>
            <td class="bar-cell" aria-hidden="true">
              <span class="bar-fill" style={{ transform: `scaleX(${(bar.walking_s / most_s).toFixed(3)})` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LengthBars({ classes }: { classes: LengthClass[] }) {
  const bars = classes.map((it) => ({ name: lengthWords(it), walking_s: it.walking_s, more: whole(it.bouts) }));
  return (
    <section class="panel" aria-labelledby="length-heading">
      <h2 id="length-heading">How long at a time</h2>
      <Bars caption="Walks by how long they lasted" first="Length" more="Walks" bars={bars} />
    </section>
  );
}

export function SpeedBars({ speeds, personId }: { speeds: SpeedClass[] | null; personId: number }) {
  return (
    <section class="panel" aria-labelledby="speed-heading">
      <h2 id="speed-heading">How fast</h2>
      {speeds === null ? (
        <>
          <p class="panel-note" data-testid="no-speed">
            No speed is known for this day. With the sensor at the lower back, Surefoot needs the person’s height or a
            calibration walk.
          </p>
          <p>
            <a class="button" href={`/people/${personId}`}>
              Height and calibration
            </a>
          </p>
        </>
      ) : (
        <Bars
          caption="Walking time by speed"
          first="Speed"
          more={null}
          bars={usedSpeeds(speeds).map((it) => ({ name: speedWords(it), walking_s: it.walking_s, more: null }))}
        />
      )}
    </section>
  );
}
