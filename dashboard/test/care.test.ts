import { describe, expect, it } from "vitest";
import { isQuiet, nextToSay, noticeWords } from "../src/alarm/spokenNotices";
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

describe("what the wearer's device says about the sensor", () => {
  const annas = (id: string, more: object = {}) => notice(id, { person: "Anna", level: "person", ...more });

  it("is of the wearer, for a person to hear of, and something that the wearer can mend", () => {
    expect(noticeWords(annas("a"), "anna ")).toContain("your sensor");
    expect(noticeWords(annas("a", { person: "Ben" }), "Anna")).toBeNull();
    expect(noticeWords(annas("a", { level: "screen" }), "Anna")).toBeNull();
    expect(noticeWords(annas("a", { state: "over" }), "Anna")).toBeNull();
    for (const kind of ["advice", "disk", "restart", "clock"]) expect(noticeWords(annas("a", { kind }), "Anna")).toBeNull();
  });

  it("never speaks of a fall, of help or of an alarm", () => {
    for (const kind of ["no_data", "not_worn", "battery"]) {
      expect(noticeWords(annas("a", { kind }), "Anna")).not.toMatch(/fall|fell|help|alarm|OK/i);
    }
  });

  it("is said once each, the oldest first", () => {
    const both = [annas("a", { at: "2026-11-25T12:05:00+00:00" }), annas("b", { kind: "battery" })];
    expect(nextToSay(both, "Anna", new Set())?.id).toBe("b");
    expect(nextToSay(both, "Anna", new Set(["b"]))?.id).toBe("a");
    expect(nextToSay(both, "Anna", new Set(["a", "b"]))).toBeNull();
  });

  it("is not said in quiet hours, which may go over midnight", () => {
    const at = (hours: number, minutes = 0) => new Date(2026, 10, 25, hours, minutes);
    const night = { quiet_from: "22:00", quiet_until: "07:30" };
    expect([at(21, 59), at(22), at(3), at(7, 29), at(7, 30)].map((one) => isQuiet(night, one))).toEqual([false, true, true, true, false]);
    expect(isQuiet({ quiet_from: "13:00", quiet_until: "15:00" }, at(14))).toBe(true);
    expect(isQuiet({ quiet_from: null, quiet_until: null }, at(3))).toBe(false);
    expect(isQuiet({ quiet_from: "08:00", quiet_until: "08:00" }, at(8))).toBe(false);
  });
});
