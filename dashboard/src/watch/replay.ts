/** A finished test with its signal, so that it can be looked at again as it happened. */

import { getEvents, getSession, getWaveform } from "../api";
import { Marks } from "../live/marks";
import { WaveformChunks } from "../replay/chunks";
import { Transport } from "../replay/transport";
import { readTestEvent } from "./testEvent";
import type { ChartSource } from "../chart/wavePlot";
import type { TestRun } from "../wire/tests";
import type { TestEvent } from "./testEvent";

const BEFORE_S = 3;
const AFTER_S = 3;
/** The server writes the waveforms of a session in progress down once a second. */
const WRITTEN_WITHIN_S = 1.6;

export interface TestReplay {
  event: TestEvent;
  from_s: number;
  to_s: number;
  transport: Transport;
  chunks: WaveformChunks;
  source: ChartSource;
}

/** What there is to look at: the event, or the time from the cue to the end of a test that came to no event. */
export function spanOf(run: TestRun): TestEvent | null {
  const event = readTestEvent(run.event);
  if (event !== null || run.cue_s === null) return event;
  const end_s = run.end_cue_s ?? run.since_s;
  if (end_s === null || end_s <= run.cue_s) return null;
  return readTestEvent({ kind: "", time_s: run.cue_s, emitted_s: end_s, end_s });
}

/** Begins at the end, where everything is seen. */
export async function openTest(run: TestRun, event: TestEvent, signal: AbortSignal): Promise<TestReplay> {
  const { session_id } = run;
  const [session, events] = await Promise.all([getSession(session_id, signal), getEvents(session_id, signal)]);
  const marks = new Marks(Infinity);
  for (const it of events) marks.add(it.event, 0);
  marks.settle();
  const there_s = session.state === "live" ? session.duration_s - WRITTEN_WITHIN_S : session.duration_s;
  const from_s = Math.max(0, event.start_s - BEFORE_S);
  const to_s = Math.max(event.end_s, Math.min(event.end_s + AFTER_S, there_s));
  const chunks = new WaveformChunks((start_s, end_s, abort) => getWaveform(session_id, start_s, end_s, abort), to_s);
  const transport = new Transport(to_s, to_s, from_s);
  const source: ChartSource = {
    waveform: () => chunks.around(from_s, to_s),
    dt_s: () => chunks.dt_s,
    marks,
    openBout: () => null,
    gaps: () => session.gap_list,
    edge_s: () => transport.position_s,
    uncertainUntil_s: () => chunks.uncertainUntil_s,
    version: () => chunks.version,
  };
  return { event, from_s, to_s, transport, chunks, source };
}
