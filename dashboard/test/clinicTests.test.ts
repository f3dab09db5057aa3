import { describe, expect, it } from "vitest";
import { LiveStore } from "../src/live/store";
import { LiveTests, underWay } from "../src/live/tests";
import { routeOf } from "../src/router";
import { readProtocol, readTest } from "../src/wire/testReader";

const told = (more: object = {}) => ({ id: "t1", session_id: "s", state: "running", now_s: 20, ...more });
const run = (more: object = {}) => readTest(told(more));
const message = (more: object = {}) => JSON.stringify({ type: "test", test: told(more) });

describe("a test as the server tells it", () => {
  it("with nothing in it has nothing that is known", () => {
    expect(readTest({})).toMatchObject({ id: "", cue_s: null, progress: null, result: null, event: null, reasons: [], found: false });
  });

  it("in a state that this page does not know shows no result and does not end", () => {
    expect(underWay(run({ state: "levitating" }))).toBe(true);
  });

  it("keeps what is not a number out of the progress", () => {
    const { progress } = run({ progress: { repetitions: "four", held_s: NaN, laps: 3, phases: [{ name: "walk_out", start_s: 2 }] } });
    expect(progress).toMatchObject({ repetitions: null, held_s: null, laps: 3, rests: [] });
    expect(progress?.phases).toEqual([{ name: "walk_out", start_s: 2, end_s: null }]);
  });

  it("has no value where the server gives none", () => {
    expect(run({ result: { value: null, value_text: "" } }).result).toMatchObject({ value: null, last: null, change: null });
  });
});

describe("a protocol", () => {
  it("without a plain name is called by its name", () => {
    expect(readProtocol({ id: "tug", name: "Timed Up and Go" }).plain_name).toBe("Timed Up and Go");
  });

  it("without choices has none", () => {
    expect(readProtocol({ id: "tug" })).toMatchObject({ course_choices_m: null, stances: null, hold_choices_s: null, variants: [] });
  });
});

describe("the tests of the live connection", () => {
  it("come with the greeting and one by one", () => {
    const store = new LiveStore(0, () => undefined);
    store.takeText(JSON.stringify({ type: "hello", store_id: "a", last_seq: 1, resumed_from: null, streams: [], tests: [told()] }), 100);
    expect(store.tests.get("t1")?.test.state).toBe("running");
    store.takeText(message({ state: "done" }), 900);
    expect(store.tests.get("t1")?.test.state).toBe("done");
    expect(store.tests.get("t1")?.heardAt_ms).toBe(900);
  });

  it("are forgotten with another database", () => {
    const store = new LiveStore(0, () => undefined);
    store.takeText(JSON.stringify({ type: "hello", store_id: "a", last_seq: 1, resumed_from: null, streams: [], tests: [told()] }), 100);
    store.takeText(JSON.stringify({ type: "hello", store_id: "b", last_seq: 1, resumed_from: null, streams: [] }), 200);
    expect(store.tests.all()).toEqual([]);
  });

  it("tell a change of state or of the instruction at once", () => {
    const tests = new LiveTests();
    expect(tests.take(run(), 0)).toBe(true);
    expect(tests.take(run({ now_s: 20.5 }), 500)).toBe(false);
    expect(tests.take(run({ now_s: 21, instruction: { key: "minute_1", text: "…", say: "…" } }), 600)).toBe(true);
    expect(tests.take(run({ now_s: 21, state: "settling", instruction: { key: "minute_1" } }), 700)).toBe(true);
  });

  it("go by the message that was least late", () => {
    const tests = new LiveTests();
    tests.take(run({ now_s: 10 }), 1300);
    tests.take(run({ now_s: 10.5 }), 1510);
    tests.take(run({ now_s: 11 }), 2400);
    expect(tests.page_ms(run(), 12)).toBeCloseTo(3010, 6);
    expect(tests.now_s(run(), 2510)).toBeCloseTo(11.5, 6);
  });

  it("have no clock before the server said one", () => {
    const tests = new LiveTests();
    tests.take(run({ now_s: null }), 0);
    expect(tests.now_s(run(), 100)).toBeNull();
    expect(tests.page_ms(run(), 3)).toBeNull();
  });

  it("are bounded, and those under way stay", () => {
    const tests = new LiveTests();
    tests.take(run({ id: "mine" }), 0);
    for (let i = 0; i < 200; i++) tests.take(run({ id: `found-${i}`, state: "done", found: true }), i);
    expect(tests.all().length).toBe(64);
    expect(tests.get("mine")).toBeDefined();
    expect(tests.get("found-199")).toBeDefined();
  });
});

describe("the addresses of tests", () => {
  it("stand for their pages", () => {
    expect(routeOf("/test", "?session=s%201")).toEqual({ page: "choose-test", session: "s 1", protocol: null });
    expect(routeOf("/test/t%2F1", "")).toEqual({ page: "test", id: "t/1" });
    expect(routeOf("/tests", "?person=Anna")).toEqual({ page: "tests", person: "Anna" });
    expect(routeOf("/tests", "?person=")).toEqual({ page: "tests", person: null });
    expect(routeOf("/watch/t1", "")).toEqual({ page: "watch", id: "t1" });
  });

  it("that are longer or shorter stand for none", () => {
    for (const path of ["/watch", "/test/a/b", "/tests/a", "/watch/a/b"]) expect(routeOf(path, "")).toEqual({ page: "unknown" });
  });
});

describe("a word that was overtaken", () => {
  it("does not take a test back", () => {
    const tests = new LiveTests();
    tests.take(run({ state: "done", now_s: 30 }), 0);
    expect(tests.take(run({ state: "settling", now_s: 29 }), 10)).toBe(false);
    expect(tests.get("t1")?.test.state).toBe("done");
    tests.take(run({ id: "t2", now_s: 30 }), 20);
    tests.take(run({ id: "t2", now_s: 29.5 }), 30);
    expect(tests.get("t2")?.test.now_s).toBe(30);
  });
});
