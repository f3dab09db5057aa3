import { describe, expect, it } from "vitest";
import { EventSequence } from "../src/live/sequence";

function greeted(last: number): EventSequence {
  const sequence = new EventSequence();
  sequence.greet("a", last, null);
  return sequence;
}

describe("the sequence of events", () => {
  it("takes every event once", () => {
    const sequence = greeted(10);
    expect([11, 12, 12, 11, 13].map((seq) => sequence.accept(seq))).toEqual([true, true, false, false, true]);
    expect(sequence).toMatchObject({ first: 11, last: 13, received: 3, duplicates: 2, missed: 0 });
  });

  it("counts what was missed", () => {
    const sequence = greeted(10);
    sequence.accept(14);
    expect(sequence.missed).toBe(3);
  });

  it("goes on where it was after a reconnection", () => {
    const sequence = greeted(10);
    sequence.accept(11);
    expect(sequence.greet("a", 20, 11)).toBe(true);
    expect(sequence.last).toBe(11);
    expect([11, 12].map((seq) => sequence.accept(seq))).toEqual([false, true]);
    expect(sequence.missed).toBe(0);
  });

  it("does not count numbers that a crash of the server left unused", () => {
    const sequence = greeted(10);
    sequence.accept(11);
    sequence.greet("a", 10_000, 11);
    for (const seq of [12, 15, 10_001, 10_002]) expect(sequence.accept(seq)).toBe(true);
    expect(sequence.missed).toBe(0);
    sequence.accept(10_004);
    expect(sequence.missed).toBe(1);
  });

  it("begins where the first greeting says", () => {
    const sequence = new EventSequence();
    sequence.greet("a", 500, 200);
    expect(sequence.accept(201)).toBe(true);
    expect(sequence.missed).toBe(0);
  });

  it("forgets everything when the server has another database", () => {
    const sequence = greeted(10);
    sequence.accept(11);
    expect(sequence.greet("b", 3, null)).toBe(false);
    expect(sequence).toMatchObject({ last: 3, first: null, received: 0 });
    expect(sequence.accept(4)).toBe(true);
  });

  it("forgets everything when the database has lost its newest events", () => {
    const sequence = greeted(10);
    sequence.accept(11);
    expect(sequence.greet("a", 10, null)).toBe(false);
    expect(sequence.accept(11)).toBe(true);
  });
});
