/** A recorded session: the live view again, over time that can be moved through. */

import { useCallback, useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { ApiError, recordingUrl } from "../api";
import { StrideStrip, StrideTable } from "../chart/StrideStrip";
import { WaveChart } from "../chart/WaveChart";
import { drawSoon, onEachFrame } from "../chart/loop";
import { clockTime, date, duration, timeOfDay } from "../format";
import { Overview } from "../replay/Overview";
import { TransportBar } from "../replay/TransportBar";
import { useReplayKeys } from "../replay/keys";
import { numbersAt } from "../replay/moment";
import { REPLAY_WINDOW_S, openRecording } from "../replay/recording";
import { toLogin } from "../router";
import { positionWords, sessionStateWords } from "../words";
import { BoutTable } from "./BoutTable";
import { Figures } from "./Figures";
import { Legend } from "./Legend";
import { MainMeasures, MoreMeasures } from "./Measures";
import { OnDemand } from "./OnDemand";
import { PersonLink } from "./PersonLink";
import { SessionTests } from "./SessionTests";
import { SidesBar } from "./SidesBar";
import { BackIcon, DownloadIcon } from "./icons";
import type { Recording } from "../replay/recording";

/** Numbers and slider follow the running replay this often; the chart follows every frame. */
const SHOW_EVERY_MS = 120;

export function ReplayPage({ id, at_s }: { id: string; at_s: number | null }) {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    openRecording(id, at_s, abort.signal).then(setRecording, (error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) toLogin();
      else setProblem(error);
    });
    return () => abort.abort();
  }, [id, at_s]);

  if (problem) {
    return (
      <section class="empty">
        <h1>{problem.status === 404 ? "There is no such session" : "This session cannot be shown"}</h1>
        <p>{problem.message}</p>
        <p>
          <a class="button" href="/sessions">
            All sessions
          </a>
        </p>
      </section>
    );
  }
  if (!recording) return <p class="loading">Loading the session…</p>;
  return <Replay recording={recording} />;
}

function Replay({ recording }: { recording: Recording }) {
  const { session, track, marks, bouts, chunks, transport, source, tests } = recording;
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  const changed = useCallback(() => {
    drawSoon();
    again();
  }, []);
  useReplayKeys(transport, changed);

  useEffect(() => {
    let shown_ms = 0;
    let shown = "";
    const stop = onEachFrame((now_ms) => {
      transport.tick(now_ms);
      const state = `${transport.position_s}|${transport.playing}|${chunks.version}`;
      if (state === shown || now_ms - shown_ms < SHOW_EVERY_MS) return;
      shown = state;
      shown_ms = now_ms;
      again();
    });
    return () => {
      stop();
      chunks.close();
    };
  }, [transport, chunks]);

  const at_s = transport.position_s;
  const numbers = numbersAt(track, marks.bouts, at_s);
  const gap = session.gap_list.find((it) => it.start_s <= at_s && at_s < it.end_s);
  const loading = !chunks.has(at_s - REPLAY_WINDOW_S, at_s);
  const name = session.label || session.sensor_name || "Unnamed";
  const sidesEver = track.sides.length + (track.pair ?? []).length > 0;
  const context = {
    position: session.position,
    when: `at ${clockTime(at_s)}`,
    why: gap ? "no signal" : numbers.bout ? "not enough strides yet" : "not walking",
  };
  const rolling = gap ? null : numbers.rolling;
  const current_s = numbers.bout?.start_s ?? null;
  const walks = useMemo(
    () => (
      <BoutTable
        walks={bouts.walks}
        newest={null}
        current_s={current_s}
        onGo={(to_s) => {
          transport.seek(to_s);
          changed();
        }}
      />
    ),
    [bouts, current_s, transport, changed],
  );
  return (
    <>
      <div class="page-head">
        <a class="button-quiet" href="/sessions">
          <BackIcon /> All sessions
        </a>
      </div>
      <article class="card card-large card-replay" aria-labelledby="replay-heading">
        <header class="card-head">
          <h1 id="replay-heading">{name}</h1>
          <div class="card-links">
            <PersonLink name={session.label} />
          </div>
          <div class="card-place">
            <span>
              {positionWords(session.position)} · {date(session.started_at)}, {timeOfDay(session.started_at)}
            </span>
            {session.simulated && <span class="tag">Simulated</span>}
            <span class="badge" data-tone={session.state === "recovered" ? "caution" : "quiet"}>
              <span class="badge-sign" aria-hidden="true" />
              {session.state === "live" ? "Still being recorded" : sessionStateWords(session.state)}
            </span>
          </div>
        </header>
        <Figures
          cadence_spm={numbers.cadence_spm}
          cadenceNote={gap ? "no signal" : numbers.cadence_spm === null ? "not walking" : `at ${clockTime(at_s)}`}
          steps={numbers.steps}
          stepsNote={`${duration(numbers.walking_s)} walked`}
          bout={numbers.bout}
          boutNote={gap ? "no signal" : "not walking"}
          old={false}
        />
        <MainMeasures rolling={rolling} context={context} old={false} />
        <div class="card-chart" data-testid="replay-chart">
          <WaveChart
            source={source}
            window_s={REPLAY_WINDOW_S}
            label={`Movement of ${name} in the ${REPLAY_WINDOW_S} seconds up to the position: up and down, to the side, forward.`}
            empty={chunks.problem ?? (loading ? "Loading…" : null)}
          />
        </div>
        <Overview
          recording={recording}
          position_s={at_s}
          onSeek={(to_s) => {
            transport.seek(to_s);
            changed();
          }}
        />
        <TransportBar recording={recording} onChange={changed} />
        <p class="keys-hint">
          Keyboard: <kbd>Space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> move by 1 s (with <kbd>Shift</kbd> by
          10 s), <kbd>Home</kbd> and <kbd>End</kbd> go to the ends.
        </p>
        <StrideStrip source={source} name={name} edge={clockTime(at_s)} />
        <SidesBar sides={gap ? null : numbers.sides} pair={gap ? null : numbers.pair} keepPlace={sidesEver} />
        <SessionTests
          tests={tests}
          onGo={(to_s) => {
            transport.seek(to_s);
            changed();
          }}
        />
        <section class="walks" aria-labelledby="walks-heading">
          <h2 id="walks-heading">Walk by walk</h2>
          {walks}
        </section>
        <div class="details-group">
          <MoreMeasures rolling={rolling} context={context} />
          <OnDemand title="Stride times as a table">{() => <StrideTable source={source} edge_s={at_s} />}</OnDemand>
        </div>
        <div class="card-actions">
          {session.state === "live" ? (
            <a class="button" href={`/?focus=${encodeURIComponent(session.id)}`}>
              Watch live
            </a>
          ) : (
            <a class="button" href={recordingUrl(session.id)} download>
              <DownloadIcon /> Download the recording
            </a>
          )}
        </div>
      </article>
      <Legend />
    </>
  );
}
