import { describe, expect, it } from "vitest";
import { callOf } from "../src/alarm/calls";
import { localField, newContact, typedCare, wishOf } from "../src/alarm/careWish";
import { postureOf, posturesOver } from "../src/alarm/figure";
import { minuteOf, pathOf } from "../src/alarm/minute";
import { ended, nextTold, nextWords, spell, spoken, standing, toldLine, toldNow, tone } from "../src/alarm/words";
import { LiveAlerts, ago_s, leftShare, left_s, needsSomebody } from "../src/live/alerts";
import { LiveStore } from "../src/live/store";
import { routeOf } from "../src/router";
import { readAlert, readSignal } from "../src/wire/alerts";
import type { Care } from "../src/wire/alerts";

const NOW = "2026-11-25T12:00:10+00:00";
const told = (name: string, state: string, more: object = {}) => ({ contact_id: name, name, role: "carer", state, ...more });
const raw = (more: object = {}) => ({
  id: "s-fall-1", kind: "fall", person: "Anna", state: "prompting", since: "2026-11-25T12:00:00+00:00", now: NOW, next_in_s: 20,
  next_contact: "Ben", told: [], ...more,
});
const alert = (more: object = {}) => readAlert(raw(more));
const message = (more: object = {}) => JSON.stringify({ type: "alert", alert: raw(more) });

describe("an alert as the server tells it", () => {
  it("with nothing in it has nothing that is known", () => {
    expect(readAlert({})).toMatchObject({
      id: "", kind: "fall", next_in_s: null, loud: false, confidence: null, got_up_s: null, told: [], acknowledged: null,
      outcome: null, resolved: null, history: [], fell: null,
    });
  });

  it("in a state that this page does not know is one that nobody has taken", () => {
    expect(alert({ state: "levitating" }).state).toBe("escalating");
    expect(needsSomebody(alert({ state: "levitating" }))).toBe(true);
  });

  it("keeps what is not a number from being shown as one", () => {
    expect(alert({ confidence: "high", impact_mps2: NaN, lying_s: Infinity, next_in_s: null })).toMatchObject({
      confidence: null, impact_mps2: null, lying_s: null, next_in_s: null,
    });
  });

  it("reads who was told and what happened", () => {
    const it = alert({ told: [told("Ben", "sent", { late: true, at: NOW })], history: [{ at: NOW, what: "told", text: "Ben is being told." }, 7] });
    expect(it.told[0]).toMatchObject({ name: "Ben", state: "sent", late: true, channel: null });
    expect(it.history).toHaveLength(2);
  });
});

describe("the open alerts of the live connection", () => {
  it("come with the greeting and one by one; what a greeting does not name is over", () => {
    const store = new LiveStore(0, () => undefined);
    const hello = (alerts: object[]) =>
      store.takeText(JSON.stringify({ type: "hello", store_id: "a", last_seq: 1, resumed_from: null, streams: [], alerts }), 100);
    hello([raw()]);
    expect(store.alerts.get("s-fall-1")?.alert.state).toBe("prompting");
    store.takeText(message({ state: "escalating" }), 900);
    expect(store.alerts.get("s-fall-1")).toMatchObject({ heardAt_ms: 900, alert: { state: "escalating" } });
    hello([]);
    expect(store.alerts.open()).toEqual([]);
  });

  it("do not go back when an answer and the connection overtake each other", () => {
    const alerts = new LiveAlerts();
    alerts.take(alert({ state: "resolved", now: "2026-11-25T12:00:20+00:00" }), 0);
    expect(alerts.take(alert({ state: "prompting" }), 10)).toBe(false);
    expect(alerts.open()).toEqual([]);
  });

  it("are told at once when they change or become loud", () => {
    const alerts = new LiveAlerts();
    expect(alerts.take(alert(), 0)).toBe(true);
    expect(alerts.take(alert({ now: "2026-11-25T12:00:11+00:00" }), 1000)).toBe(false);
    expect(alerts.take(alert({ now: "2026-11-25T12:00:12+00:00", loud: true }), 2000)).toBe(true);
  });

  it("count those that nobody has taken, tests aside", () => {
    const alerts = new LiveAlerts();
    alerts.take(alert(), 0);
    alerts.take(alert({ id: "b", state: "acknowledged" }), 0);
    alerts.take(alert({ id: "c", kind: "test", state: "escalating" }), 0);
    alerts.take(alert({ id: "d", state: "resolved" }), 0);
    expect(alerts.waiting()).toBe(1);
  });

  it("never forget one that is open, however many there were", () => {
    const alerts = new LiveAlerts();
    alerts.take(alert({ id: "open" }), 0);
    for (let n = 0; n < 100; n++) alerts.take(alert({ id: `over-${n}`, state: "resolved" }), n);
    expect(alerts.get("open")).toBeDefined();
    expect(alerts.all().length).toBeLessThan(40);
  });
});

describe("the countdown", () => {
  const live = { alert: alert(), heardAt_ms: 1000 };

  it("goes on between messages and ends at nothing", () => {
    expect(left_s(live, 6000)).toBe(15);
    expect(left_s(live, 60_000)).toBe(0);
    expect(left_s({ alert: alert({ next_in_s: null }), heardAt_ms: 0 }, 5)).toBeNull();
  });

  it("runs out over the whole of its time", () => {
    expect(leftShare(live, 1000)).toBeCloseTo(20 / 30, 6);
    expect(leftShare(live, 21_000)).toBe(0);
    expect(leftShare({ alert: alert({ now: "?", next_in_s: 0 }), heardAt_ms: 0 }, 0)).toBe(0);
  });

  it("counts how long ago somebody was told by the server's clock", () => {
    expect(ago_s(live, "2026-11-25T12:00:02+00:00", 5000)).toBe(12);
    expect(ago_s(live, null, 5000)).toBeNull();
  });
});

describe("what the wearer hears and reads", () => {
  it("is a question with what comes next", () => {
    expect(spoken(alert())).toBe("Anna, are you OK? Please press the large button. If you do not answer, I will call Ben.");
    expect(nextWords(alert(), 19.2)).toBe("In 20 seconds I will call Ben.");
    expect(nextWords(alert(), 0.4)).toBe("In 1 second I will call Ben.");
    expect(nextWords(alert({ next_contact: null }), 5)).toContain("Nobody is set up whom I could call.");
  });

  it("says who was told, and who is next", () => {
    const calling = alert({ state: "escalating", told: [told("Ben", "sent")], next_contact: "Cleo" });
    expect(spoken(calling)).toBe("Help is being called. Ben has been told.");
    expect(nextTold(calling, 130)).toBe("Next: Cleo, in 2 minutes.");
    expect(nextTold({ ...calling, next_contact: "Ben" }, 600)).toBe("Then again: Ben, in 10 minutes.");
    expect(nextTold(calling, 0.2)).toBe("Next: Cleo, now.");
    expect(nextTold(alert(), 10)).toBeNull();
    expect(toldNow({ name: "Ben", state: "delivered", detail: null }, 12)).toBe("Ben was told, 12 s ago");
    expect(toldNow({ name: "Cleo", state: "skipped", detail: "Away." }, 12)).toBe("Cleo: away");
    expect(toldNow({ name: "Cleo", state: "failed", detail: "Refused." }, 1)).toBe("Cleo cannot be reached yet. I keep trying");
  });

  it("spells times as they are said", () => {
    expect([spell(0), spell(1), spell(45.1), spell(99), spell(180), spell(600)]).toEqual([
      "0 seconds", "1 second", "46 seconds", "99 seconds", "3 minutes", "10 minutes",
    ]);
  });

  it("keeps times and lateness in the history", () => {
    const at = new Date("2026-11-25T12:00:02").toISOString();
    expect(toldLine(alert({ told: [told("Ben", "delivered", { at, late: true })] }).told[0]!)).toBe("Ben: message arrived, 12:00, late");
  });
});

describe("calling the wearer", () => {
  it("is a question every eight seconds, every four when loud, with rising tones", () => {
    expect(callOf(alert())).toMatchObject({ every_ms: 8000, tonesFrom: 0, flashes: true });
    expect(callOf(alert({ loud: true }))).toMatchObject({ every_ms: 4000, tonesFrom: 4 });
  });

  it("calms down once help is called, and is said once when somebody has taken it", () => {
    expect(callOf(alert({ state: "escalating" }))).toMatchObject({ every_ms: 30_000, tonesFrom: null });
    expect(callOf(alert({ state: "acknowledged", acknowledged: { by: "Ben", at: "", via: "page" } }))).toMatchObject({
      words: "Ben knows, and takes care of you.", every_ms: null, tonesFrom: null, flashes: false,
    });
  });

  it("is silence before and after", () => {
    expect(callOf(alert({ state: "observing" }))).toBeNull();
    expect(callOf(alert({ state: "resolved" }))).toBeNull();
  });
});

describe("how an alert stands", () => {
  it("never calls a false alarm what the wearer did not say", () => {
    const ok = { state: "resolved", outcome: "false_alarm", resolved: { by: "Anna", at: "", why: "" } };
    expect(ended(alert(ok))).toBe("OK, says the wearer");
    expect(ended(alert({ ...ok, fell: false }))).toBe("False alarm");
    expect(ended(alert({ ...ok, resolved: { by: "Ben", at: "", why: "" } }))).toBe("False alarm");
  });

  it("does not call a call for help a fall, nor a test an alarm that nobody takes", () => {
    expect(standing(alert({ kind: "help", state: "resolved", outcome: "fall_help_given" }))).toBe("Help was given");
    expect(standing(alert({ kind: "test", state: "escalating" }))).toBe("Under way");
    expect(tone(alert({ kind: "test", state: "escalating" }))).toBe("busy");
    expect(tone(alert())).toBe("bad");
  });
});

describe("the minute around an alarm", () => {
  const signal = readSignal({
    start_s: 70, end_s: 130, impact_s: 100, dt_s: 0.5, norm_mps2: [9.8, null, 30], tilt_rad: Array.from({ length: 120 }, (_, n) => (n < 60 ? 0.1 : 1.5)),
    events: [
      { kind: "fall", time_s: 100.02, phases: [{ name: "descent", start_s: 99.4, end_s: 100 }] },
      { kind: "fall", time_s: 128, phases: [{ name: "lying", start_s: 128, end_s: 129 }] },
      { kind: "walking_bout", time_s: 72, end_s: 98 },
      { kind: "step", time_s: 90 },
    ],
  });

  it("has the phases of its own fall, and the walking", () => {
    expect(signal.phases).toEqual([{ name: "descent", start_s: 99.4, end_s: 100 }]);
    expect(signal.walks).toEqual([{ start_s: 72, end_s: 98 }]);
    expect(readSignal({})).toMatchObject({ phases: [], walks: [], norm_mps2: [] });
  });

  it("draws somebody who stood and then lies", () => {
    expect([postureOf(null), postureOf(0.2), postureOf(0.8), postureOf(1.4)]).toEqual(["unknown", "upright", "leaning", "lying"]);
    const postures = posturesOver(signal.tilt_rad, 70, 0.5, 5).map((one) => one.posture);
    expect(postures).toEqual([...Array<string>(6).fill("upright"), ...Array<string>(6).fill("lying")]);
  });

  it("draws fewer figures where there is less room, and breaks the line where nothing is known", () => {
    expect(minuteOf(signal, 1200).stretches).toHaveLength(12);
    expect(minuteOf(signal, 330).stretches.length).toBeLessThanOrEqual(5);
    expect(pathOf([1, null, 2], (index) => index, (value) => value)).toBe("M0.0 1.0M2.0 2.0");
  });
});

describe("a care plan that is changed", () => {
  const away = (day: number) => ({ since: `2026-12-0${day}T08:00:00.000Z`, until: `2026-12-0${day}T18:00:00.000Z` });
  const care: Care = {
    person: "Anna", own: true, prompt_s: 30, observe_s: 12, least_confidence: 0.5, quiet_from: "22:00", quiet_until: "07:00",
    dead_man_url: null, tell_simulated: false, snooze: null,
    contacts: [{ id: "b", name: "Ben", role: "son", wait_s: 45, technical: true, away: [away(1), away(3)], channels: [{ id: "x", kind: "E-mail", shown: "b…" }] }],
  };

  it("and sent as it was is the same plan, with every holiday and no address in it", () => {
    const read = wishOf("Anna", typedCare(care));
    expect(read).toEqual({
      wish: {
        person: "Anna", prompt_s: 30, observe_s: 12, least_confidence: 0.5, quiet_from: "22:00", quiet_until: "07:00", dead_man_url: null,
        tell_simulated: false,
        contacts: [{ id: "b", name: "Ben", role: "son", channels: [{ id: "x" }], wait_s: 45, away: [away(1), away(3)], technical: true }],
      },
    });
    expect(localField("2026-12-01T08:05:00")).toBe("2026-12-01T08:05");
  });

  it("says everything that cannot be sent", () => {
    const typed = { ...typedCare(care), prompt_s: "5", observe_s: "", quiet_from: "", contacts: [{ ...newContact(), wait_min: "soon", awayFrom: "2026-12-01T08:00" }] };
    const read = wishOf("Anna", typed);
    expect("problems" in read && read.problems).toHaveLength(7);
  });
});

describe("the addresses of the alarms' pages", () => {
  it("lead to the inbox, one alarm, the history and the care plan", () => {
    expect(routeOf("/alerts", "?person=Anna")).toEqual({ page: "alerts", person: "Anna" });
    expect(routeOf("/alerts/s-fall-1", "")).toEqual({ page: "alert", id: "s-fall-1" });
    expect(routeOf("/what-happened", "")).toEqual({ page: "happened" });
    expect(routeOf("/care", "")).toEqual({ page: "care", person: "" });
    expect(routeOf("/alerts/a/b", "").page).toBe("unknown");
  });
});
