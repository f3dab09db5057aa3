import { describe, expect, it } from "vitest";
import { Marks } from "../src/live/marks";
import { CHUNK_S, WaveformChunks, joinFrames } from "../src/replay/chunks";
import { lastUpTo, numbersAt } from "../src/replay/moment";
import { SPEEDS, Transport } from "../src/replay/transport";
import { decodeFrame } from "../src/wire/frame";
import { counting, frameBytes } from "./builders";
import { readRolling } from "../src/wire/message";
import type { WaveFrame } from "../src/wire/frame";
import type { Rolling } from "../src/wire/types";

const second = (t0_s: number): WaveFrame => decodeFrame(frameBytes({ t0_s, dt_s: 0.25, scale_mps2: 1, values: counting(4, t0_s * 4) }));
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("frames of a recording", () => {
  it("are joined without overlap and only within the piece", () => {
    const joined = joinFrames([second(0), second(0), second(1), second(2)], 0.5, 2.25);
    expect([...joined.time_s]).toEqual([0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);
    expect([...joined.channels[0]]).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("pieces of a recording", () => {
  function chunks(duration_s: number): { chunks: WaveformChunks; asked: number[] } {
    const asked: number[] = [];
    const fetch = (start_s: number, end_s: number): Promise<WaveFrame[]> => {
      asked.push(start_s / CHUNK_S);
      const frames: WaveFrame[] = [];
      for (let t = start_s; t < Math.min(end_s, duration_s); t++) frames.push(second(t));
      return Promise.resolve(frames);
    };
    return { chunks: new WaveformChunks(fetch, duration_s), asked };
  }

  it("are fetched once, where it is looked at, with the next one", async () => {
    const { chunks: it, asked } = chunks(10 * CHUNK_S);
    it.around(0, 10);
    it.around(0, 10);
    await settled();
    it.around(1, 11);
    expect(asked).toEqual([0, 1]);
    expect(it.has(0, 10)).toBe(true);
    expect(it.has(0, 3 * CHUNK_S)).toBe(false);
  });

  it("join without a seam", async () => {
    const { chunks: it } = chunks(3 * CHUNK_S);
    it.around(CHUNK_S - 5, CHUNK_S + 5);
    await settled();
    const { time_s } = it.around(CHUNK_S - 5, CHUNK_S + 5);
    expect(time_s.length).toBe(2 * CHUNK_S * 4);
    expect([...time_s]).toEqual([...time_s].sort((a, b) => a - b));
  });

  it("are not asked for beyond the end", async () => {
    const { chunks: it, asked } = chunks(CHUNK_S / 2);
    it.around(0, CHUNK_S * 4);
    await settled();
    expect(asked).toEqual([0]);
    expect(it.has(0, CHUNK_S * 4)).toBe(true);
  });

  it("are forgotten when they are far away, so that memory stays bounded", async () => {
    const { chunks: it, asked } = chunks(1000 * CHUNK_S);
    for (let k = 0; k < 60; k++) {
      it.around(k * CHUNK_S, k * CHUNK_S + 1);
      await settled();
    }
    expect(it.has(0, 1)).toBe(false);
    expect(asked.length).toBe(61);
  });

  it("say when they cannot be had", async () => {
    const it_ = new WaveformChunks(() => Promise.reject(new Error("away")), 100);
    it_.around(0, 1);
    await settled();
    expect(it_.problem).toBe("away");
  });
});

describe("the transport", () => {
  it("moves with the clock at its speed and stops at the end", () => {
    const transport = new Transport(60, 10);
    transport.tick(1000);
    transport.tick(2000);
    expect(transport.position_s).toBe(10);
    transport.toggle();
    transport.speed = 4;
    transport.tick(3000);
    expect(transport.position_s).toBe(14);
    transport.tick(60_000);
    expect([transport.position_s, transport.playing]).toEqual([60, false]);
    transport.toggle();
    expect([transport.position_s, transport.playing]).toEqual([0, true]);
  });

  it("stays inside the recording", () => {
    const transport = new Transport(3, 10);
    expect(transport.position_s).toBe(3);
    transport.seek(-5);
    expect(transport.position_s).toBe(0);
    transport.seek(99);
    expect(transport.position_s).toBe(3);
  });

  it("offers half to eight times the speed", () => {
    expect([SPEEDS[0], SPEEDS.at(-1)]).toEqual([0.5, 8]);
  });
});

describe("the numbers at a moment", () => {
  const marks = new Marks(Infinity);
  marks.add({ kind: "walking_bout", time_s: 1, end_s: 2.5, emitted_s: 6 }, 0);
  const track = {
    time_s: [0, 0.5, 1, 1.5, 2, 2.5],
    steps: [0, 0, 0, 1, 2, 3],
    cadence_spm: [null, null, null, null, 120, 120],
    walking: [false, false, false, true, true, true],
    rolling: [],
    sides: [],
  };

  it("are those of the last entry before it", () => {
    expect(numbersAt(track, marks.bouts, 2.2)).toMatchObject({ steps: 2, cadence_spm: 120 });
    expect(numbersAt(track, marks.bouts, 99)).toMatchObject({ steps: 3, bout: null, walking_s: 1.5 });
    expect(numbersAt(track, marks.bouts, -1)).toMatchObject({ steps: 0, cadence_spm: null });
  });

  it("bring the rolling figures and sides that had been sent by then, while they are of the moment", () => {
    const rolling = [readRolling({ speed_mps: 1 }), readRolling({ speed_mps: 2 })] as [Rolling, Rolling];
    const told = {
      ...track,
      rolling: [{ emitted_s: 4, ...rolling[0] }, { emitted_s: 6, ...rolling[1] }],
      pair: [{ emitted_s: 7, with_session_id: "t", double_support: 0.25, left_step_time_s: 0.5, right_step_time_s: 0.5 }],
      sides: [{ emitted_s: 5, left_step_time_s: 0.5, right_step_time_s: 0.6, steps: 8, confidence: 0.9 }],
    };
    const at = (at_s: number) => numbersAt(told, marks.bouts, at_s);
    expect([3.9, 4, 5.9, 6, 16, 16.1].map((at_s) => at(at_s).rolling?.speed_mps ?? null)).toEqual([null, 1, 1, 2, 2, null]);
    expect([6.9, 7, 17.1].map((at_s) => at(at_s).pair?.double_support ?? null)).toEqual([null, 0.25, null]);
    expect(at(99).pair ?? numbersAt(track, marks.bouts, 2).pair).toBeNull();
    expect([4.9, 5, 15, 15.1].map((at_s) => at(at_s).sides?.left_step_time_s ?? null)).toEqual([null, 0.5, 0.5, null]);
  });

  it("know the bout in progress", () => {
    expect(numbersAt(track, marks.bouts, 2.2).bout).toMatchObject({ start_s: 1, steps: 2 });
    expect(numbersAt(track, marks.bouts, 2.2).bout?.duration_s).toBeCloseTo(1.2, 9);
    expect(numbersAt(track, marks.bouts, 0.5).bout).toBeNull();
  });

  it("find their place by halving", () => {
    expect([-1, 0, 0.7, 2.5, 3].map((value) => lastUpTo(track.time_s, value))).toEqual([-1, 0, 1, 5, 5]);
  });
});
