/** The live numbers as a table: always there for screen readers, shown to everybody on demand. */

import { DASH, age, clockTime, fixed, percent, whole } from "../format";
import { mainMeasures } from "../measures";
import { positionWords, signalWords, stateWords } from "../words";
import { sidesShown } from "./sidesWords";
import { figuresOf, lastSampleAge_s, rollingOf } from "./streamWords";
import type { LiveStream } from "../live/stream";
import type { Moment } from "./streamWords";

export function LiveTable({ streams, moment, shown }: { streams: LiveStream[]; moment: Moment; shown: boolean }) {
  return (
    <div class={shown ? "table-scroll" : "visually-hidden"} {...(shown ? { tabIndex: 0, role: "region", "aria-label": "Live numbers" } : {})}>
      <table class="live-table">
        <caption>Live numbers{moment.stale ? ", out of date: no connection" : ""}</caption>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Position</th>
            <th scope="col">Sensor</th>
            <th scope="col">Cadence, steps/min</th>
            <th scope="col">Steps</th>
            <th scope="col">Walking now</th>
            <th scope="col">Speed</th>
            <th scope="col">Stride variability</th>
            <th scope="col">Step asymmetry</th>
            <th scope="col">Left and right step</th>
            <th scope="col">Battery</th>
            <th scope="col">Signal</th>
            <th scope="col">Packets lost</th>
            <th scope="col">Last sample</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((live) => {
            const figures = figuresOf(live, moment);
            const { stream } = live;
            const { rolling, sides, pair, context } = rollingOf(live, moment);
            const both = sidesShown(sides, pair);
            return (
              <tr key={stream.session_id}>
                <th scope="row">{stream.label || stream.sensor.name}</th>
                <td>{positionWords(stream.position)}</td>
                <td>{live.ended !== null ? "Session over" : stateWords(stream.state).label}</td>
                <td>
                  {figures.cadence_spm === null ? figures.cadenceNote : whole(figures.cadence_spm)}
                </td>
                <td>{whole(figures.steps)}</td>
                <td>{figures.bout ? clockTime(figures.bout.duration_s) : figures.boutNote}</td>
                {mainMeasures(rolling, context).map(({ id, value, unit, note }) => (
                  <td key={id}>{value === DASH ? note : `${value} ${unit}, ${note}`}</td>
                ))}
                <td>{both === null ? "not known" : `${fixed(both.left_s, 2)} s, ${fixed(both.right_s, 2)} s. ${both.note}`}</td>
                <td>{stream.battery_percent === null ? DASH : `${stream.battery_percent} %`}</td>
                <td>{signalWords(stream.rssi).label}</td>
                <td>{percent(stream.loss_fraction)}</td>
                <td>{age(lastSampleAge_s(live, moment))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
