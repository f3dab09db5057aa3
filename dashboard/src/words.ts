/** Plain words for what the server says in codes. */

import { duration, whole } from "./format";
import type { GaitEvent, SensorState, Stream } from "./wire/types";

export type Tone = "good" | "busy" | "caution" | "bad" | "quiet";

interface StateWords {
  label: string;
  tone: Tone;
  /** What a person can do, for states where somebody may have to. */
  remedy: string | null;
  /** The server's reason already says what to do; `remedy` is for when there is no reason. */
  reasonHasRemedy?: boolean;
}

const STATE_WORDS: Record<SensorState, StateWords> = {
  scanning: {
    label: "Looking for the sensor",
    tone: "busy",
    remedy: "Switch the sensor on and bring it within a few metres.",
  },
  connecting: { label: "Connecting", tone: "busy", remedy: null },
  configuring: { label: "Setting up the sensor", tone: "busy", remedy: null },
  streaming: { label: "Receiving", tone: "good", remedy: null },
  stalled: {
    label: "Sensor has gone quiet",
    tone: "caution",
    remedy: "Check that the sensor is still worn and nearby. Surefoot reconnects by itself.",
  },
  backing_off: {
    label: "Waiting to reconnect",
    tone: "caution",
    remedy: "Keep the sensor switched on and within a few metres.",
  },
  no_data: {
    label: "No signal",
    tone: "caution",
    remedy: "Check that the sensor is worn, switched on and nearby.",
  },
  stopped: { label: "Stopped", tone: "quiet", remedy: null },
  failed: { label: "Needs your help", tone: "bad", remedy: "Start the sensor again.", reasonHasRemedy: true },
};

export function stateWords(state: SensorState): StateWords {
  return STATE_WORDS[state];
}

/** Whether numbers of this moment can be expected from a sensor in this state. */
export function hasSignal(state: SensorState): boolean {
  return state === "streaming";
}

const POSITIONS: Record<string, string> = {
  lower_back: "Lower back",
  waist: "Waist",
  chest: "Chest",
  pocket: "Pocket",
  thigh: "Thigh",
  ankle_left: "Left ankle",
  ankle_right: "Right ankle",
  foot_left: "Left foot",
  foot_right: "Right foot",
  wrist: "Wrist",
  hand: "Hand",
  head: "Head",
};

export function positionWords(position: string): string {
  return POSITIONS[position] ?? (position.replaceAll("_", " ") || "Position not given");
}

const DRIVERS: Record<string, string> = { movesense: "Movesense", polar: "Polar", gaitimu: "Surefoot open profile" };

export function driverWords(driver: string): string {
  return DRIVERS[driver] ?? driver;
}

export interface SignalWords {
  label: string;
  /** Filled bars of four. */
  bars: number;
}

/** Received strength in plain words; the bounds are the usual ones of Bluetooth Low Energy tools. */
export function signalWords(rssi_dbm: number | null): SignalWords {
  if (rssi_dbm === null) return { label: "Unknown", bars: 0 };
  if (rssi_dbm >= -65) return { label: "Strong", bars: 4 };
  if (rssi_dbm >= -75) return { label: "Good", bars: 3 };
  if (rssi_dbm >= -85) return { label: "Weak", bars: 2 };
  return { label: "Very weak", bars: 1 };
}

/** Short words for a chart whose directions are not certain yet; up is known from a confidence of one half on. */
export function orientationWords(confidence: number | null): string {
  return confidence !== null && confidence >= 0.5 ? "Learning forward and side" : "Finding out which way is up";
}

const SESSION_STATES: Record<string, string> = {
  live: "In progress",
  finished: "Finished",
  recovered: "Recovered",
};

export function sessionStateWords(state: string): string {
  return SESSION_STATES[state] ?? state;
}

const EVENTS: Record<string, string> = {
  step: "Step",
  walking_bout: "Walking bout",
  turn: "Turn",
  sit_to_stand: "Stood up",
  stand_to_sit: "Sat down",
  stumble: "Possible stumble",
  freeze: "Freezing-like episode",
};

export function eventWords(kind: string): string {
  return EVENTS[kind] ?? kind.replaceAll("_", " ");
}

function tens_deg(angle_rad: number): number {
  return 10 * Math.round((Math.abs(angle_rad) * 18) / Math.PI);
}

/** A turn in a chart: its direction and roughly its angle. */
export function turnSign(angle_rad: number | null): string {
  if (angle_rad === null) return "turn";
  return `${angle_rad > 0 ? "↶" : "↷"} ${tens_deg(angle_rad)}°`;
}

function turnWords(angle_rad: number | null | undefined): string {
  if (angle_rad === null || angle_rad === undefined) return "angle not known";
  return `${angle_rad > 0 ? "to the left" : "to the right"}, about ${tens_deg(angle_rad)}°`;
}

/** From this confidence on a stumble counts for the week without being asked about, as on the server. */
const FELT_CLEARLY = 0.8;

/** What there is to say about an event besides its kind, with units. */
export function eventRemark(event: GaitEvent): string {
  const said = event.end_s === undefined ? [] : [duration(event.end_s - event.time_s)];
  if (event.kind === "walking_bout") {
    if (typeof event.steps === "number") said.push(`${whole(event.steps)} steps`);
    if (typeof event.cadence_spm === "number") said.push(`${whole(event.cadence_spm)} steps/min`);
    const { speed_mps, speed_expected_error_mps: error_mps } = event;
    if (typeof speed_mps === "number" && typeof error_mps === "number") {
      said.push(`${speed_mps.toFixed(2)} ± ${error_mps.toFixed(2)} m/s`);
    }
  }
  if (event.kind === "turn") {
    said.unshift(turnWords(event.angle_rad));
    if (typeof event.steps_in_turn === "number") said.push(`${whole(event.steps_in_turn)} steps`);
  }
  if (event.kind === "stumble" && typeof event.confidence === "number") {
    said.push(event.confidence >= FELT_CLEARLY ? "felt clearly" : "not certain");
  }
  if (event.kind === "freeze" && event.form !== undefined) said.push(event.form);
  return said.join(", ");
}

const GOOD_QUALITY = 0.75;
const FAIR_QUALITY = 0.5;

/** How far a walk's figures can be trusted, from 0 to 1, in a word. */
export function qualityWords(quality: number | null): { label: string; tone: Tone } {
  if (quality === null) return { label: "Not judged", tone: "quiet" };
  if (quality >= GOOD_QUALITY) return { label: "Good", tone: "good" };
  if (quality >= FAIR_QUALITY) return { label: "Fair", tone: "caution" };
  return { label: "Poor", tone: "bad" };
}

const COUNTERS: Record<string, string> = {
  packets: "Packets received",
  samples: "Samples received",
  lost_samples: "Samples lost",
  duplicate_packets: "Packets received twice",
  reordered_packets: "Packets out of order",
  partial_packets: "Packets incomplete",
  reconnects: "Reconnections",
  gap_s: "Time without data",
};

export function counterWords(name: string): string {
  const known = COUNTERS[name];
  if (known) return known;
  const words = name.replace(/_s$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the screen reader is told when a sensor's state changes; null for changes that need no word. */
export function sensorNews(stream: Stream, before: SensorState): string | null {
  const who = stream.label || stream.sensor.name;
  if (hasSignal(stream.state)) return `${who}: receiving again.`;
  if (hasSignal(before)) return `${who}: ${stateWords(stream.state).label.toLowerCase()}.`;
  if (stream.state === "failed") return `${who}: the sensor needs your help. ${stream.reason}`;
  return null;
}
