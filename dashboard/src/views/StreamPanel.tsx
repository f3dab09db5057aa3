/** One person with one sensor: as a card among others, or large and alone. */

import { useMemo } from "preact/hooks";
import { StrideStrip, StrideTable } from "../chart/StrideStrip";
import { WaveChart } from "../chart/WaveChart";
import { liveSource } from "../live/source";
import { orientationWords, positionWords } from "../words";
import { BoutTable } from "./BoutTable";
import { Figures } from "./Figures";
import { MainMeasures, MoreMeasures } from "./Measures";
import { PersonLink } from "./PersonLink";
import { SidesBar } from "./SidesBar";
import { TestStrip } from "./TestStrip";
import { OnDemand } from "./OnDemand";
import { StateBadge, StateNotice } from "./SensorState";
import { StreamDetails, StreamFacts } from "./StreamFacts";
import { BackIcon, ExpandIcon } from "./icons";
import { figuresOf, rollingOf } from "./streamWords";
import type { LiveStore } from "../live/store";
import type { LiveStream } from "../live/stream";
import type { Moment } from "./streamWords";

const CARD_WINDOW_S = 8;
const LARGE_WINDOW_S = 16;
const WALKS_IN_CARD = 5;
const WALKS_IN_LARGE = 40;

interface Props {
  live: LiveStream;
  store: LiveStore;
  moment: Moment;
  large: boolean;
}

export function StreamPanel({ live, store, moment, large }: Props) {
  const { session_id, label, position, simulated, sensor } = live.stream;
  const source = useMemo(() => liveSource(live, store), [live, store]);
  const name = label || sensor.name || "Unnamed";
  const headingId = `stream-${session_id}`;
  const Heading = large ? "h1" : "h2";
  const waiting = live.ring.length === 0;
  const { rolling, sides, pair, context, old } = rollingOf(live, moment);
  const walks = useMemo(
    () => <BoutTable walks={live.bouts.walks} newest={large ? WALKS_IN_LARGE : WALKS_IN_CARD} />,
    [live, large, live.bouts.version],
  );
  return (
    <article class={large ? "card card-large" : "card"} aria-labelledby={headingId} data-session={session_id}>
      <header class="card-head">
        <Heading id={headingId}>{name}</Heading>
        <div class="card-links">
          <PersonLink name={label} />
          {live.ended === null && (
            <a class="button-quiet" href={`/test?session=${encodeURIComponent(session_id)}`} aria-label={`Do a test with ${name}`}>
              Do a test
            </a>
          )}
          {large ? (
            <a class="button-quiet" href="/">
              <BackIcon /> All people
            </a>
          ) : (
            <a class="button-icon" href={`/?focus=${encodeURIComponent(session_id)}`} aria-label={`Larger view of ${name}`} title="Larger view">
              <ExpandIcon />
            </a>
          )}
        </div>
        <div class="card-place">
          <span>{positionWords(position)}</span>
          {simulated && <span class="tag">Simulated</span>}
          <StateBadge live={live} stale={moment.stale} />
        </div>
      </header>
      <TestStrip store={store} sessionId={session_id} />
      <Figures {...figuresOf(live, moment)} />
      <MainMeasures rolling={rolling} context={context} old={old} />
      <div class="card-chart" data-old={moment.stale || live.ended !== null}>
        <WaveChart
          source={source}
          window_s={large ? LARGE_WINDOW_S : CARD_WINDOW_S}
          label={`Movement of ${name}: up and down, to the side, forward. The numbers are in the table of live numbers.`}
          empty={waiting && live.stream.state === "streaming" ? "The signal appears here as soon as the sensor sends it." : null}
        />
        <StateNotice live={live} moment={moment} />
        {live.frameUncertain && !waiting && live.stream.state === "streaming" && (
          <p class="chart-note">{orientationWords(live.stream.frame.confidence)}</p>
        )}
      </div>
      <div data-old={moment.stale || live.ended !== null}>
        <StrideStrip source={source} name={name} edge="now" />
      </div>
      <SidesBar sides={sides} pair={pair} keepPlace={live.sidesSeen} />
      <StreamFacts live={live} moment={moment} />
      {large && (
        <section class="walks" aria-labelledby={`walks-${session_id}`}>
          <h2 id={`walks-${session_id}`}>Walk by walk</h2>
          {walks}
        </section>
      )}
      <div class="details-group">
        <MoreMeasures rolling={rolling} context={context} />
        {!large && <OnDemand title={`Walk by walk (${live.bouts.walks.length})`}>{() => walks}</OnDemand>}
        <OnDemand title="Stride times as a table">
          {() => <StrideTable source={source} edge_s={live.edge_s(moment.now_ms, !moment.stale) ?? 0} />}
        </OnDemand>
        <StreamDetails live={live} />
      </div>
      {live.ended !== null && (
        <p class="card-actions">
          <a class="button" href={`/sessions/${encodeURIComponent(session_id)}`}>
            Open the recording
          </a>
          <button type="button" class="button-quiet" onClick={() => store.dismiss(session_id)}>
            Remove from this page
          </button>
        </p>
      )}
    </article>
  );
}
