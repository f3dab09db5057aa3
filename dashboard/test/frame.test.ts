import { describe, expect, it } from "vitest";
import { FrameError, decodeFrame, decodeFrames } from "../src/wire/frame";
import { SERVERS_FRAME, SERVERS_OLD_FRAME, counting, frameBytes, framedBytes, fromHex } from "./builders";

describe("a waveform frame", () => {
  it("is read field by field", () => {
    const values = [2, -4, 6, 1, -32768, 8, -32768, 32767, -3, 4];
    const frame = decodeFrame(
      frameBytes({ streamNo: 7, frameNo: 4_000_000_000, t0_s: 123.25, scale_mps2: 0.5, scale_radps: 0.25, values }),
    );
    expect(frame).toMatchObject({ streamNo: 7, frameNo: 4_000_000_000, t0_s: 123.25, n: 2, frameUncertain: false });
    expect(frame.dt_s).toBeCloseTo(0.01, 6);
    const [v, ml, ap, pitch, yaw] = frame.channels;
    expect([...v]).toEqual([1, 4]);
    expect([...ml]).toEqual([-2, NaN]);
    expect([...ap]).toEqual([3, 16383.5]);
    expect([...pitch]).toEqual([0.25, -0.75]);
    expect([...yaw]).toEqual([NaN, 1]);
  });

  it("is read from the server's own bytes", () => {
    const frame = decodeFrame(fromHex(SERVERS_FRAME));
    expect(frame).toMatchObject({ streamNo: 0x0102, frameNo: 0x03040506, t0_s: 1.5, n: 1, frameUncertain: true });
    const [v, ml, ap, pitch, yaw] = frame.channels.map((channel) => channel[0] as number) as [number, number, number, number, number];
    expect(v).toBeCloseTo(0.005, 7);
    expect(ml).toBeCloseTo(-0.005, 7);
    expect(ap).toBeNaN();
    expect(pitch).toBeCloseTo(1, 6);
    expect(yaw).toBeCloseTo(-0.00125, 7);
  });

  it("of a session that was kept without rates is read, and has none", () => {
    const frame = decodeFrame(fromHex(SERVERS_OLD_FRAME));
    expect(frame).toMatchObject({ streamNo: 0x0102, t0_s: 1.5, n: 1 });
    expect(frame.channels[0][0]).toBeCloseTo(0.005, 7);
    expect([frame.channels[2][0], frame.channels[3][0], frame.channels[4][0]]).toEqual([NaN, NaN, NaN]);
  });

  it("says when the orientation is uncertain", () => {
    expect(decodeFrame(frameBytes({ flags: 1 })).frameUncertain).toBe(true);
  });

  it("is read out of the middle of a buffer", () => {
    const inside = new Uint8Array(100);
    inside.set(frameBytes({ t0_s: 9 }), 13);
    expect(decodeFrame(inside.subarray(13, 13 + 42)).t0_s).toBe(9);
  });

  it("is refused when its length does not fit its samples", () => {
    const whole = frameBytes({ values: counting(4) });
    for (let length = 0; length < whole.byteLength; length++) {
      expect(() => decodeFrame(whole.subarray(0, length))).toThrow(FrameError);
    }
    expect(() => decodeFrame(new Uint8Array([...whole, 0]))).toThrow(FrameError);
  });

  it("is refused when kind, version, channels or header are unknown", () => {
    for (const [at, value] of [[0, 2], [1, 9], [22, 4]] as const) {
      const bytes = frameBytes();
      bytes[at] = value;
      expect(() => decodeFrame(bytes)).toThrow(FrameError);
    }
    expect(() => decodeFrame(frameBytes({ t0_s: NaN }))).toThrow(FrameError);
    expect(() => decodeFrame(frameBytes({ dt_s: 0 }))).toThrow(FrameError);
  });
});

describe("the body of a waveform request", () => {
  it("holds frames back to back", () => {
    const body = framedBytes(frameBytes({ t0_s: 1 }), frameBytes({ t0_s: 2, values: counting(5) }));
    expect(decodeFrames(body).map((frame) => [frame.t0_s, frame.n])).toEqual([[1, 1], [2, 5]]);
  });

  it("may be empty", () => {
    expect(decodeFrames(new ArrayBuffer(0))).toEqual([]);
  });

  it("is refused when it is cut off", () => {
    const body = framedBytes(frameBytes(), frameBytes());
    const ends = [body.byteLength / 2];
    for (let length = 1; length < body.byteLength; length++) {
      if (ends.includes(length)) continue;
      expect(() => decodeFrames(body.slice(0, length))).toThrow(FrameError);
    }
  });
});
