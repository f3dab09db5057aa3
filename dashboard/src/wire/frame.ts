/** Waveform frames: the binary form of a few samples of one stream, three channels in the body frame. */

const HEADER_BYTES = 28;
const NO_VALUE = -32768;
const KIND_WAVEFORM = 1;
const VERSION = 1;
const CHANNELS = 3;
const FLAG_FRAME_UNCERTAIN = 1;

export interface WaveFrame {
  streamNo: number;
  frameNo: number;
  t0_s: number;
  dt_s: number;
  n: number;
  frameUncertain: boolean;
  /** m/s², NaN where there is no value; one array per channel: up–down, side, forward. */
  channels_mps2: readonly [Float32Array, Float32Array, Float32Array];
}

export class FrameError extends Error {}

/** Decodes one frame; throws FrameError for anything that is not exactly one frame. */
export function decodeFrame(bytes: Uint8Array): WaveFrame {
  if (bytes.byteLength < HEADER_BYTES) throw new FrameError(`a frame of ${bytes.byteLength} bytes has no header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== KIND_WAVEFORM) throw new FrameError(`unknown kind of frame ${view.getUint8(0)}`);
  if (view.getUint8(1) !== VERSION) throw new FrameError(`unknown version of frame ${view.getUint8(1)}`);
  const n = view.getUint16(20, true);
  const channelCount = view.getUint8(22);
  if (channelCount !== CHANNELS) throw new FrameError(`${channelCount} channels where ${CHANNELS} were expected`);
  if (bytes.byteLength !== HEADER_BYTES + n * CHANNELS * 2) {
    throw new FrameError(`${bytes.byteLength} bytes for ${n} samples`);
  }
  const t0_s = view.getFloat64(8, true);
  const dt_s = view.getFloat32(16, true);
  const scale_mps2 = view.getFloat32(24, true);
  if (!Number.isFinite(t0_s) || !(dt_s > 0) || !Number.isFinite(scale_mps2)) throw new FrameError("impossible header");
  const channels_mps2 = [new Float32Array(n), new Float32Array(n), new Float32Array(n)] as const;
  let at = HEADER_BYTES;
  for (let i = 0; i < n; i++) {
    for (const channel of channels_mps2) {
      const raw = view.getInt16(at, true);
      channel[i] = raw === NO_VALUE ? NaN : raw * scale_mps2;
      at += 2;
    }
  }
  return {
    streamNo: view.getUint16(2, true),
    frameNo: view.getUint32(4, true),
    t0_s,
    dt_s,
    n,
    frameUncertain: (view.getUint8(23) & FLAG_FRAME_UNCERTAIN) !== 0,
    channels_mps2,
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
