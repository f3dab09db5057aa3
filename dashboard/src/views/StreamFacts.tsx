/** Battery, signal, loss and age of the last sample in one line, and the counters behind them on demand. */

import { DASH, age, duration, percent, whole } from "../format";
import { counterWords, driverWords, signalWords } from "../words";
import { BatteryIcon, SignalIcon } from "./icons";
import { lastSampleAge_s } from "./streamWords";
import type { LiveStream } from "../live/stream";
import type { ComponentChildren } from "preact";
import type { Moment } from "./streamWords";

const LOW_BATTERY_PERCENT = 20;
const HIGH_LOSS = 0.05;

interface FactProps {
  name: string;
  icon?: ComponentChildren;
  warn?: boolean;
  children: ComponentChildren;
}

function Fact({ name, icon, warn = false, children }: FactProps) {
  return (
    <div class="fact" data-warn={warn}>
      <dt>{name}</dt>
      <dd>
        {icon}
        <span>{children}</span>
      </dd>
    </div>
  );
}

export function StreamFacts({ live, moment }: { live: LiveStream; moment: Moment }) {
  const { battery_percent, rssi, loss_fraction } = live.stream;
  const signal = signalWords(rssi);
  const low = battery_percent !== null && battery_percent <= LOW_BATTERY_PERCENT;
  const lossy = loss_fraction !== null && loss_fraction >= HIGH_LOSS;
  const quiet_s = lastSampleAge_s(live, moment);
  return (
    <dl class="facts">
      <Fact name="Battery" icon={<BatteryIcon percent={battery_percent} />} warn={low}>
        {battery_percent === null ? "unknown" : `${battery_percent} %${low ? ", low" : ""}`}
      </Fact>
      <Fact name="Signal" icon={<SignalIcon bars={signal.bars} />} warn={signal.bars === 1}>
        {signal.label.toLowerCase()}
      </Fact>
      <Fact name="Packets lost" warn={lossy}>
        {percent(loss_fraction)}
      </Fact>
      <Fact name="Last sample" warn={quiet_s !== null && quiet_s >= 2}>
        {quiet_s === null ? "none yet" : quiet_s < 1 ? "just now" : `${age(quiet_s)} ago`}
      </Fact>
    </dl>
  );
}

function counterValue(name: string, value: number): string {
  return name.endsWith("_s") ? duration(value) : whole(value);
}

export function StreamDetails({ live }: { live: LiveStream }) {
  const { sensor, rate_hz, has_gyroscope, rssi, clock, frame, counters, time_s } = live.stream;
  const rows: [string, string][] = [
    ["Sensor", [sensor.name, driverWords(sensor.driver)].filter((part) => part !== "").join(", ")],
    ["Address", sensor.address || DASH],
    ["Sampling rate", rate_hz === null ? DASH : `${rate_hz.toFixed(rate_hz % 1 === 0 ? 0 : 1)} Hz`],
    ["Gyroscope", has_gyroscope === null ? DASH : has_gyroscope ? "yes" : "no"],
    ["Signal strength", rssi === null ? DASH : `${rssi} dBm`],
    ["Session time", duration(time_s)],
    ["Orientation", frame.text || DASH],
    ["Times come from", clock.kind === "device" ? "the sensor's clock" : clock.kind === "host" ? "this computer's clock" : DASH],
    ["Clock drift", clock.skew_ppm === null ? DASH : `${clock.skew_ppm.toFixed(1)} ppm`],
    ["Clock uncertainty", clock.residual_s === null ? DASH : `${(clock.residual_s * 1000).toFixed(1)} ms`],
    ...Object.entries(counters).map(([name, value]): [string, string] => [counterWords(name), counterValue(name, value)]),
    ["Chart pieces left out", whole(live.framesLeftOut)],
  ];
  return (
    <details class="details">
      <summary>Details of sensor and radio</summary>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
