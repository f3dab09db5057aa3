import { describe, expect, it } from "vitest";
import { LiveNotices } from "../src/live/notices";
import { routeOf } from "../src/router";
import { readAdvice, readNotice, readStumblesOfDay } from "../src/wire/care";
import { readMessage } from "../src/wire/message";

const notice = (id: string, more: object = {}) =>
  readNotice({ id, kind: "no_data", state: "open", level: "screen", at: "2026-11-25T12:00:00+00:00", ...more });

describe("notices", () => {
  it("are shown while they are open, what a person must hear of first", () => {
    const live = new LiveNotices();
    live.greet([notice("a"), notice("b", { level: "person", at: "2026-11-25T12:05:00+00:00" }), notice("c", { state: "over" })]);
    expect(live.shown().map((it) => it.id)).toEqual(["b", "a"]);
    live.take(notice("b", { state: "over" }));
    live.take(notice("d", { at: "2026-11-25T11:00:00+00:00" }));
    expect(live.shown().map((it) => it.id)).toEqual(["d", "a"]);
  });

  it("are said aloud to a screen reader once, when a person has to hear of them", () => {
    const live = new LiveNotices();
    const takes = (level: string, more: object = {}) => live.take(notice("a", { level, ...more }));
    expect([takes("screen"), takes("person"), takes("person"), takes("carer"), takes("carer", { state: "over" })]).toEqual([
      false, true, false, false, false,
    ]);
    expect(live.take(notice("b", { level: "carer", kind: "advice" }))).toBe(false);
  });

  it("begin anew with every connection", () => {
    const live = new LiveNotices();
    live.take(notice("a"));
    live.greet([notice("b")]);
    expect(live.shown().map((it) => it.id)).toEqual(["b"]);
  });

  it("for a therapist are not technical", () => {
    const live = new LiveNotices();
    live.take(notice("a", { kind: "advice" }));
    expect(live.shown()).toEqual([]);
  });

  it("come over the live connection", () => {
    const message = readMessage('{"type":"notice","notice":{"id":"a","state":"open","level":"carer","title":"The sensor sends nothing"}}');
    expect(message).toMatchObject({ type: "notice", notice: { id: "a", open: true, level: "carer" } });
    expect(readMessage('{"type":"hello"}')).toMatchObject({ notices: [] });
  });
});

describe("possible stumbles", () => {
  it("with an answer that this page does not know count as not answered", () => {
    const day = readStumblesOfDay({ date: "2026-11-25", ask: true, stumbles: [{ id: "s", answer: "perhaps" }, { answer: "no" }] });
    expect(day.stumbles.map((it) => it.answer)).toEqual([null, "no"]);
  });

  it("without advice have none", () => {
    expect(readAdvice({})).toMatchObject({ for_wearer: null, rules: [], counted: 0 });
  });

  it("have a page for one person and day", () => {
    expect(routeOf("/stumbles", "?person=Anna&date=2026-11-25")).toEqual({ page: "stumbles", person: "Anna", date: "2026-11-25" });
    expect(routeOf("/stumbles", "?person=Anna&date=soon")).toMatchObject({ date: null });
    expect(routeOf("/stumbles", "")).toEqual({ page: "unknown" });
  });
});
