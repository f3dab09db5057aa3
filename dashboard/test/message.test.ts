import { describe, expect, it } from "vitest";
import { readMessage, readStream } from "../src/wire/message";

describe("a text frame", () => {
  it("of an unknown type is left alone", () => {
    expect(readMessage('{"type":"weather","sunny":true}')).toBeNull();
    expect(readMessage("17")).toBeNull();
  });

  it("greets with the streams that there are", () => {
    const hello = readMessage(
      '{"type":"hello","protocol":1,"version":"0.1.0","store_id":"x","last_seq":7,"resumed_from":null,"streams":[{"session_id":"s"}]}',
    );
    expect(hello).toMatchObject({ type: "hello", store_id: "x", last_seq: 7, resumed_from: null });
    expect(hello?.type === "hello" && hello.streams[0]?.session_id).toBe("s");
  });

  it("brings an event of a session that is no longer live", () => {
    const text = '{"type":"event","seq":3,"session_id":"s","stream_no":null,"event":{"kind":"step","time_s":1,"emitted_s":2}}';
    expect(readMessage(text)).toMatchObject({ seq: 3, stream_no: null, event: { kind: "step", time_s: 1 } });
  });
});

describe("a stream", () => {
  it("with nothing in it has nothing that is known", () => {
    const stream = readStream({});
    expect(stream).toMatchObject({ state: "no_data", battery_percent: null, last_sample_s: null, simulated: false });
    expect(stream.numbers).toMatchObject({ steps: 0, cadence_spm: null, bout: null });
  });

  it("keeps what is not a number out of the numbers", () => {
    const stream = readStream({ battery_percent: "full", counters: { packets: 3, note: "x" }, numbers: { cadence_spm: NaN } });
    expect(stream.battery_percent).toBeNull();
    expect(stream.counters).toEqual({ packets: 3 });
    expect(stream.numbers.cadence_spm).toBeNull();
  });

  it("in a state that this page does not know counts as without data", () => {
    expect(readStream({ state: "levitating" }).state).toBe("no_data");
    expect(readStream({ state: "backing_off" }).state).toBe("backing_off");
  });
});

describe("rolling figures and sides", () => {
  const numbers = (it: object) => readStream({ numbers: it }).numbers;

  it("are absent from an older server's message", () => {
    expect(numbers({ steps: 3 })).toMatchObject({ rolling: null, sides: null, pair: null, distance_m: null });
  });

  it("are read field by field, and what is missing is not known", () => {
    const { rolling } = numbers({ rolling: { age_s: 1.5, strides: 14, speed_mps: 0.8, symmetry: "x", time_s: 9 } });
    expect(rolling).toMatchObject({ age_s: 1.5, strides: 14, speed_mps: 0.8, symmetry: null, stride_time_cv: null });
  });

  it("of an unknown age are no figures of now", () => {
    expect(numbers({ rolling: { strides: 14, speed_mps: 0.8 } }).rolling).toBeNull();
  });

  it("need both sides", () => {
    expect(numbers({ sides: { left_step_time_s: 0.5, right_step_time_s: null, steps: 9, confidence: 0.9 } }).sides).toBeNull();
    const both = { left_step_time_s: 0.5, right_step_time_s: 0.6, steps: 9, confidence: null };
    expect(numbers({ sides: both }).sides).toEqual(both);
  });

  it("of two sensors may lack what was not measured", () => {
    expect(numbers({ pair: { with_session_id: "t", double_support: 0.24 } }).pair).toEqual({
      with_session_id: "t",
      double_support: 0.24,
      left_step_time_s: null,
      right_step_time_s: null,
      steps: null,
      age_s: null,
    });
  });
});
