/** A recorded session: the live view again, over time that can be moved through. */

import { useCallback, useEffect, useReducer, useState } from "preact/hooks";
import { ApiError, recordingUrl } from "../api";
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
import { Figures } from "./Figures";
import { Legend } from "./Legend";
import { BackIcon, DownloadIcon } from "./icons";
import type { Recording } from "../replay/recording";

/** Numbers and slider follow the running replay this often; the chart follows every frame. */
const SHOW_EVERY_MS = 120;

export function ReplayPage({ id }: { id: string }) {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    openRecording(id, abort.signal).then(setRecording, (error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) toLogin();
      else setProblem(error);
    });
    return () => abort.abort();
  }, [id]);

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
  const { session, track, marks, chunks, transport, source } = recording;
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  const changed = useCallback(() => {
    drawSoon();
    again();
  }, []);
  useReplayKeys(recording, changed);

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
  return (
    <>
      <div class="page-head">
        <a class="button-quiet" href="/sessions">
          <BackIcon /> All sessions
        </a>
      </div>
      <article class="card card-large" aria-labelledby="replay-heading">
        <header class="card-head">
          <h1 id="replay-heading">{name}</h1>
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
