/** Waveform frames: the binary form of a few samples of one stream in the body frame. */

const NO_VALUE = -32768;
const KIND_WAVEFORM = 1;
const VERSION = 2;
const CHANNELS = 5;
const HEADER_BYTES = 32;
/** Sessions recorded earlier are kept without rates. */
const OLD_VERSION = 1;
const OLD_CHANNELS = 3;
const OLD_HEADER_BYTES = 28;
const FLAG_FRAME_UNCERTAIN = 1;

/** One array per channel: m/s² up–down, side, forward; rad/s pitch (about the sideways axis) and yaw (about up). */
export type Channels = readonly [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
export const V = 0;
export const ML = 1;
export const AP = 2;
export const PITCH = 3;
export const YAW = 4;

/** Room for `n` samples. */
export function channelsOf(n: number): Channels {
  const one = (): Float32Array => new Float32Array(n);
  return [one(), one(), one(), one(), one()];
}

export interface WaveFrame {
  streamNo: number;
  frameNo: number;
  t0_s: number;
  dt_s: number;
  n: number;
  frameUncertain: boolean;
  /** NaN where there is no value. */
  channels: Channels;
}

export const endOf_s = (frame: WaveFrame): number => frame.t0_s + frame.n * frame.dt_s;

export class FrameError extends Error {}

/** Decodes one frame; throws FrameError for anything that is not exactly one frame. */
export function decodeFrame(bytes: Uint8Array): WaveFrame {
  if (bytes.byteLength < OLD_HEADER_BYTES) throw new FrameError(`a frame of ${bytes.byteLength} bytes has no header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== KIND_WAVEFORM) throw new FrameError(`unknown kind of frame ${view.getUint8(0)}`);
  const version = view.getUint8(1);
  if (version !== VERSION && version !== OLD_VERSION) throw new FrameError(`unknown version of frame ${version}`);
  const [expected, headerBytes] = version === VERSION ? [CHANNELS, HEADER_BYTES] : [OLD_CHANNELS, OLD_HEADER_BYTES];
  const n = view.getUint16(20, true);
  const channelCount = view.getUint8(22);
  if (channelCount !== expected) throw new FrameError(`${channelCount} channels where ${expected} were expected`);
  if (bytes.byteLength !== headerBytes + n * channelCount * 2) {
    throw new FrameError(`${bytes.byteLength} bytes for ${n} samples`);
  }
  const t0_s = view.getFloat64(8, true);
  const dt_s = view.getFloat32(16, true);
  const scale_mps2 = view.getFloat32(24, true);
  const scale_radps = version === VERSION ? view.getFloat32(28, true) : 0;
  if (!Number.isFinite(t0_s) || !(dt_s > 0) || !Number.isFinite(scale_mps2) || !Number.isFinite(scale_radps)) {
    throw new FrameError("impossible header");
  }
  const channels = channelsOf(n);
  channels.forEach((values, c) => {
    const scale = c < PITCH ? scale_mps2 : scale_radps;
    for (let i = 0; i < n; i++) {
      const raw = c < channelCount ? view.getInt16(headerBytes + 2 * (i * channelCount + c), true) : NO_VALUE;
      values[i] = raw === NO_VALUE ? NaN : raw * scale;
    }
  });
  return {
    streamNo: view.getUint16(2, true),
    frameNo: view.getUint32(4, true),
    t0_s,
    dt_s,
    n,
    frameUncertain: (view.getUint8(23) & FLAG_FRAME_UNCERTAIN) !== 0,
    channels,
  };
}

/** Decodes the body of a waveform request: frames back to back, each after its length (u32, little-endian). */
export function decodeFrames(body: ArrayBuffer): WaveFrame[] {
  const view = new DataView(body);
  const frames: WaveFrame[] = [];
  let at = 0;
  while (at < body.byteLength) {
    if (at + 4 > body.byteLength) throw new FrameError("the last frame's length is cut off");
    const length = view.getUint32(at, true);
    at += 4;
    if (at + length > body.byteLength) throw new FrameError("the last frame is cut off");
    frames.push(decodeFrame(new Uint8Array(body, at, length)));
    at += length;
  }
  return frames;
}
