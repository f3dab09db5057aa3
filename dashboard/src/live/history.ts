/** What happened just before this page was opened, so that charts do not begin empty. */

import { ApiError, getEvents, getStatus, getWaveform } from "../api";
import type { LiveStream } from "./stream";

/** Steps of several people over the strip of their strides. */
const EVENTS_BEFORE = 800;
const WAVEFORM_BEFORE_S = 40;
/** The server writes live waveforms down once a second. */
const WRITTEN_WITHIN_MS = 1600;
const GIVE_UP_AFTER_MS = 12_000;

/** Where a page that has seen nothing yet begins; `login` when the server asks for that, null while it is away. */
export async function startingPoint(): Promise<{ after: number } | "login" | null> {
  try {
    const { last_seq } = await getStatus();
    return { after: Math.max(0, last_seq - EVENTS_BEFORE) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 401 ? "login" : null;
  }
}

/** Fetches what happened before the live events: samples for the chart, walks for the table. */
export async function fillPast(live: LiveStream): Promise<void> {
  await Promise.all([fillSamples(live), fillWalks(live)]);
}

/** The session's walks so far. A table whose past cannot be had simply begins now. */
async function fillWalks(live: LiveStream): Promise<void> {
  const { session_id } = live.stream;
  try {
    const earlier = await getEvents(session_id, AbortSignal.timeout(GIVE_UP_AFTER_MS), "walking_bout");
    live.takeEarlier(earlier.map(({ event }) => event));
  } catch (error) {
    console.info(`No earlier walks of session ${session_id}: ${String(error)}`);
  }
}

/**
 * Fetches the samples before the live ones: at once, and again when the server has written down the last of them.
 * A chart whose past cannot be had simply begins now.
 */
async function fillSamples(live: LiveStream): Promise<void> {
  const { session_id, time_s } = live.stream;
  if (time_s < 1) return;
  const from_s = Math.max(0, time_s - WAVEFORM_BEFORE_S);
  const soon = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  const fill = async (): Promise<void> => {
    const frames = await getWaveform(session_id, from_s, time_s + WAVEFORM_BEFORE_S, soon);
    live.backfill(frames, performance.now());
  };
  try {
    await fill();
    await new Promise((resolve) => setTimeout(resolve, WRITTEN_WITHIN_MS));
    await fill();
  } catch (error) {
    console.info(`No earlier samples of session ${session_id}: ${String(error)}`);
  }
}
