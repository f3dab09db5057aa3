import { describe, expect, it } from "vitest";
import { WaveRing } from "../src/live/ring";
import { decodeFrame } from "../src/wire/frame";
import { counting, frameBytes } from "./builders";

const frame = (t0_s: number, n: number, from = 0) =>
  decodeFrame(frameBytes({ t0_s, dt_s: 0.5, scale_mps2: 1, values: counting(n, from) }));

describe("the ring of samples", () => {
  it("shows everything in order while it is not full", () => {
    const ring = new WaveRing(8);
    expect(ring.last_s).toBeNull();
    ring.push(frame(0, 3));
    ring.push(frame(1.5, 2, 3));
    const { time_s, channels } = ring.view();
    expect([...time_s]).toEqual([0, 0.5, 1, 1.5, 2]);
    expect([...channels[0]]).toEqual([0, 1, 2, 3, 4]);
    expect(ring.last_s).toBe(2);
  });

  it("always equals the newest samples of a plain list, whatever the sizes of the frames", () => {
    const ring = new WaveRing(7);
    const plain: number[] = [];
    let count = 0;
    for (const n of [1, 3, 7, 2, 9, 1, 1, 30, 4, 6, 5]) {
      ring.push(frame(count * 0.5, n, count));
      for (let i = 0; i < n; i++) plain.push(count++);
      expect([...ring.view().channels[0]]).toEqual(plain.slice(-7));
      expect([...ring.view().time_s]).toEqual(plain.slice(-7).map((k) => k * 0.5));
      expect(ring.last_s).toBe((count - 1) * 0.5);
    }
  });

  it("leaves out what it has already", () => {
    const ring = new WaveRing(16);
    ring.push(frame(0, 4));
    ring.push(frame(1, 4, 2));
    expect([...ring.view().time_s]).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });

  it("keeps a hole as a jump of time", () => {
    const ring = new WaveRing(16);
    ring.push(frame(0, 2));
    ring.push(frame(10, 2));
    expect([...ring.view().time_s]).toEqual([0, 0.5, 10, 10.5]);
  });

  it("can be read, emptied and filled again around older samples", () => {
    const ring = new WaveRing(16);
    ring.push(frame(2, 2, 4));
    const heard = ring.copy();
    ring.clear();
    expect(ring.length).toBe(0);
    ring.push(frame(0, 5));
    ring.append(heard);
    expect([...ring.view().channels[0]]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("changes its version with every change", () => {
    const ring = new WaveRing(4);
    const seen = new Set([ring.version]);
    ring.push(frame(0, 1));
    seen.add(ring.version);
    ring.clear();
    seen.add(ring.version);
    expect(seen.size).toBe(3);
  });
});
