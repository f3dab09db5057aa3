/** Bytes and messages as a server sends them, for tests. */

import type { GaitEvent } from "../src/wire/types";

interface FrameParts {
  streamNo?: number;
  frameNo?: number;
  t0_s?: number;
  dt_s?: number;
  flags?: number;
  scale_mps2?: number;
  scale_radps?: number;
  /** Sample-major int16: up, side, forward, pitch, yaw, up, side … */
  values?: number[];
}

/** The same two frames stand in the server's tests (test_wire.py): what it sends, and what it kept before it had rates. */
export const SERVERS_FRAME = "0102020106050403000000000000f83f0ad7233c010005010ad7a33b0ad7a33a0100ffff00802003ffff";
export const SERVERS_OLD_FRAME = "0101020106050403000000000000f83f0ad7233c010003010ad7a33b0100ffff0080";

export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** One waveform frame, written field by field as the wire format says. */
export function frameBytes(parts: FrameParts = {}): Uint8Array {
  const { streamNo = 1, frameNo = 0, t0_s = 0, dt_s = 0.01, flags = 0 } = parts;
  const { scale_mps2 = 0.005, scale_radps = 0.00125, values = [0, 0, 0, 0, 0] } = parts;
  const bytes = new Uint8Array(32 + 2 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, 2);
  view.setUint16(2, streamNo, true);
  view.setUint32(4, frameNo, true);
  view.setFloat64(8, t0_s, true);
  view.setFloat32(16, dt_s, true);
  view.setUint16(20, values.length / 5, true);
  view.setUint8(22, 5);
  view.setUint8(23, flags);
  view.setFloat32(24, scale_mps2, true);
  view.setFloat32(28, scale_radps, true);
  values.forEach((value, i) => view.setInt16(32 + 2 * i, value, true));
  return bytes;
}

/** `n` samples that count upwards on the first channel. */
export function counting(n: number, from = 0): number[] {
  return Array.from({ length: n }, (_, i) => [from + i, 0, 0, 0, 0]).flat();
}

export function framedBytes(...frames: Uint8Array[]): ArrayBuffer {
  const total = frames.reduce((sum, frame) => sum + 4 + frame.byteLength, 0);
  const body = new Uint8Array(total);
  const view = new DataView(body.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.byteLength, true);
    body.set(frame, at + 4);
    at += 4 + frame.byteLength;
  }
  return body.buffer;
}

export const step = (time_s: number, more: Partial<GaitEvent> = {}): GaitEvent => ({
  kind: "step",
  time_s,
  emitted_s: time_s + 0.4,
  side: null,
  walking: true,
  ...more,
});

export const retraction = (of_time_s: number, of_kind = "step"): GaitEvent => ({
  kind: "retraction",
  time_s: of_time_s + 3,
  emitted_s: of_time_s + 3,
  of_kind,
  of_time_s,
});
