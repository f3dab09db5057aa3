/** One recorded session as the replay page holds it. */

import { getEvents, getNumbers, getSession, getWaveform } from "../api";
import { BoutList } from "../live/bouts";
import { Marks } from "../live/marks";
import { getTests } from "../testApi";
import { WaveformChunks } from "./chunks";
import { Transport } from "./transport";
import type { ChartSource } from "../chart/wavePlot";
import type { TestRun } from "../wire/tests";
import type { NumbersTrack, SessionDetail } from "../wire/types";

export const REPLAY_WINDOW_S = 10;
const MOST_TESTS = 200;

export interface Recording {
  session: SessionDetail;
  track: NumbersTrack;
  marks: Marks;
  bouts: BoutList;
  chunks: WaveformChunks;
  transport: Transport;
  source: ChartSource;
  /** Tests done or found in it, oldest first. */
  tests: TestRun[];
}

/** `at_s`: the moment to begin at, null for the first that fills the chart. */
export async function openRecording(id: string, at_s: number | null, signal: AbortSignal): Promise<Recording> {
  const [session, track, events, tests] = await Promise.all([
    getSession(id, signal),
    getNumbers(id, signal),
    getEvents(id, signal),
    getTests({ session_id: id, limit: MOST_TESTS }, signal),
  ]);
  const marks = new Marks(Infinity);
  const bouts = new BoutList();
  for (const { event } of events) {
    marks.add(event, 0);
    bouts.add(event);
  }
  marks.settle();
  const chunks = new WaveformChunks((from, to, abort) => getWaveform(id, from, to, abort), session.duration_s);
  const transport = new Transport(session.duration_s, at_s === null ? REPLAY_WINDOW_S : Math.max(0, at_s));
  const source: ChartSource = {
    waveform: () => chunks.around(transport.position_s - REPLAY_WINDOW_S, transport.position_s),
    dt_s: () => chunks.dt_s,
    marks,
    openBout: () => null,
    gaps: () => session.gap_list,
    edge_s: () => transport.position_s,
    uncertainUntil_s: () => chunks.uncertainUntil_s,
    version: () => chunks.version,
  };
  return { session, track, marks, bouts, chunks, transport, source, tests: tests.reverse() };
}
