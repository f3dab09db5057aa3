import { describe, expect, it } from "vitest";
import { LiveStore } from "../src/live/store";
import { counting, frameBytes, retraction, step } from "./builders";
import type { GaitEvent } from "../src/wire/types";

const stream = (more: object = {}) => ({ stream_no: 1, session_id: "s", label: "Anna", state: "streaming", time_s: 10, ...more });
const hello = (last_seq: number, resumed_from: number | null, streams: object[] = [stream()], store_id = "a") =>
  JSON.stringify({ type: "hello", store_id, last_seq, resumed_from, streams });
const event = (seq: number, it: GaitEvent) =>
  JSON.stringify({ type: "event", seq, session_id: "s", stream_no: 1, event: it });

function opened(): { store: LiveStore; fetched: string[] } {
  const fetched: string[] = [];
  const store = new LiveStore(0, (live) => fetched.push(live.stream.session_id));
  store.takeText(hello(5, null), 100);
  return { store, fetched };
}

describe("the live store", () => {
  it("puts frames and events to their stream", () => {
    const { store } = opened();
    store.takeBinary(frameBytes({ t0_s: 9, values: counting(10) }), 200);
    store.takeText(event(6, step(9.05)), 210);
    const live = store.streams.get("s");
    expect(live?.ring.length).toBe(10);
    expect(live?.marks.steps.length).toBe(1);
  });

  it("asks for the past of a stream once", () => {
    const { store, fetched } = opened();
    store.takeText(JSON.stringify({ type: "stream", stream: stream() }), 300);
    store.takeText(hello(5, 5), 400);
    expect(fetched).toEqual(["s"]);
  });

  it("counts frames that the server left out, and not across a reconnection", () => {
    const { store } = opened();
    store.takeBinary(frameBytes({ frameNo: 4, t0_s: 1 }), 200);
    store.takeBinary(frameBytes({ frameNo: 7, t0_s: 2 }), 300);
    expect(store.streams.get("s")?.framesLeftOut).toBe(2);
    store.takeText(hello(5, 5), 400);
    store.takeBinary(frameBytes({ frameNo: 99, t0_s: 3 }), 500);
    expect(store.streams.get("s")?.framesLeftOut).toBe(2);
  });

  it("survives bytes that are no frame", () => {
    const { store } = opened();
    store.takeBinary(new Uint8Array([1, 2, 3]), 200);
    expect(store.badFrames).toBe(1);
  });

  it("turns stale in silence and fresh with the next word", () => {
    const { store } = opened();
    let told = 0;
    store.subscribe(() => told++);
    store.look(1000);
    expect([store.freshness, told]).toEqual(["fresh", 0]);
    store.look(1700);
    expect([store.freshness, told]).toEqual(["stale", 1]);
    store.takeText('{"type":"beat","now_s":1}', 9000);
    expect(store.freshness).toBe("fresh");
    expect(store.announcement).toBe("Connected again.");
  });

  it("keeps what has ended until it is dismissed", () => {
    const { store } = opened();
    store.dismiss("s");
    expect(store.streams.size).toBe(1);
    store.takeText('{"type":"gone","session_id":"s","stream_no":1,"reason":"Stopped."}', 200);
    expect(store.streams.get("s")?.ended).toBe("Stopped.");
    store.dismiss("s");
    expect(store.streams.size).toBe(0);
  });

  it("ends what a new greeting does not mention", () => {
    const { store } = opened();
    store.takeText(hello(9, 5, []), 300);
    expect(store.streams.get("s")?.ended).toMatch(/ended/);
  });

  it("forgets the streams of another database", () => {
    const { store } = opened();
    store.takeText(hello(1, null, [stream({ session_id: "t" })], "b"), 300);
    expect([...store.streams.keys()]).toEqual(["t"]);
  });

  it("announces a lost sensor once and its return", () => {
    const { store } = opened();
    store.takeText(JSON.stringify({ type: "stream", stream: stream({ state: "stalled" }) }), 200);
    expect(store.announcement).toBe("Anna: sensor has gone quiet.");
    store.takeText(JSON.stringify({ type: "stream", stream: stream({ state: "connecting" }) }), 300);
    expect(store.announcement).toBe("Anna: sensor has gone quiet.");
    store.takeText(JSON.stringify({ type: "stream", stream: stream() }), 400);
    expect(store.announcement).toBe("Anna: receiving again.");
  });

  it("lists what just happened without single steps, and drops what is withdrawn without a word", () => {
    const { store } = opened();
    store.takeText(event(6, step(9, { kind: "fall" })), 200);
    store.takeText(event(7, step(9.6, { kind: "turn" })), 200);
    store.takeText(event(8, step(9.7)), 200);
    store.takeText(event(9, retraction(9, "fall")), 300);
    expect(store.streams.get("s")?.recent.map((it) => it.seq)).toEqual([7]);
  });

  it("shades the bout in progress until the finished bout takes its place", () => {
    const { store } = opened();
    const live = store.streams.get("s");
    const walking = { numbers: { bout: { start_s: 6, steps: 4, cadence_spm: 90, duration_s: 4 } } };
    store.takeBinary(frameBytes({ t0_s: 9, values: counting(50) }), 200);
    store.takeText(JSON.stringify({ type: "stream", stream: stream(walking) }), 200);
    expect(live?.openBout()?.start_s).toBe(6);
    expect(live?.openBout()?.end_s).toBeCloseTo(9.49, 5);
    store.takeText(JSON.stringify({ type: "stream", stream: stream() }), 300);
    expect(live?.openBout()?.start_s).toBe(6);
    store.takeText(event(6, { kind: "walking_bout", time_s: 6.1, end_s: 9.3, emitted_s: 12 }), 400);
    expect(live?.openBout()).toBeNull();
  });
});
