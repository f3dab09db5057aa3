/** Trunk rotation during a test, with a word about what is drawn and for sensors that cannot measure it. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { drawSoon } from "../../chart/loop";
import { RatePlot } from "../../chart/ratePlot";
import { usePlot } from "../../chart/usePlot";
import { fixed } from "../../format";
import { startOf } from "../../watch/look";
import type { Lane, TestScene } from "../../chart/ratePlot";
import type { Look } from "../../watch/look";

const LANES: Record<Lane, { label: string; about: string }> = {
  pitch: { label: "Trunk tilt", about: "forward is up" },
  yaw: { label: "Turning", about: "to the left is up" },
};

interface Props {
  look: Look;
  lanes: readonly Lane[];
  parts: TestScene["parts"];
  moments?: readonly number[];
  label: string;
}

const NONE: readonly number[] = [];

export function RateChart({ look, lanes, parts, moments = NONE, label }: Props) {
  const { source } = look;
  const scene = useMemo<TestScene>(
    () => ({ source, from_s: 0, to_s: 1, zero_s: null, parts: [], moments: [], version: 0 }),
    [source],
  );
  const zero_s = startOf(look.run, look.progress, look.event);
  if (
    scene.from_s !== look.from_s || scene.to_s !== look.to_s || scene.zero_s !== zero_s ||
    !same(scene.parts, parts) || scene.moments.join() !== moments.join()
  ) {
    Object.assign(scene, { from_s: look.from_s, to_s: look.to_s, zero_s, parts, moments, version: scene.version + 1 });
  }
  const [rates, setRates] = useState(true);
  const root = usePlot((element) => new RatePlot(element, scene, lanes, setRates), scene);
  useEffect(drawSoon, [scene.version]);
  const until_s = source.uncertainUntil_s();
  const unsure = until_s !== null && until_s > look.from_s;
  return (
    <figure class="test-chart">
      <figcaption>
        {lanes.map((lane) => (
          <span key={lane} class={`rate-key rate-${lane}`}>
            {LANES[lane].label} <small>°/s, {LANES[lane].about}</small>
          </span>
        ))}
        {lanes.length > 1 && (
          <span class="rate-key rate-steps">
            <small>short lines below: steps</small>
          </span>
        )}
      </figcaption>
      <div class="rate-plot" data-lanes={lanes.length} role="img" aria-label={label} ref={root} />
      {rates && unsure && (
        <p class="test-chart-note">
          {until_s >= look.to_s - 1 ? "Forward is not known yet" : `Until ${fixed(until_s - (zero_s ?? look.from_s), 1)} s forward was not known`}
          : trunk tilt may be drawn upside down there.
        </p>
      )}
      {!rates && <p class="test-chart-note">This sensor sent no rotation: its steps and times are measured all the same.</p>}
    </figure>
  );
}

function same(a: TestScene["parts"], b: TestScene["parts"]): boolean {
  return a.length === b.length && a.every((part, i) => part.start_s === b[i]?.start_s && part.end_s === b[i]?.end_s);
}
