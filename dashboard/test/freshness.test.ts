import { describe, expect, it } from "vitest";
import { LOOK_EVERY_MS, STALE_AFTER_MS, freshness, reconnectWait_ms } from "../src/live/freshness";

describe("freshness", () => {
  it("is stale after 1.5 s of silence, so that the page says so within 2 s", () => {
    expect(freshness(10_000, 9_000, 0)).toBe("fresh");
    expect(freshness(10_000, 10_000 - STALE_AFTER_MS + 1, 0)).toBe("fresh");
    expect(freshness(10_000, 10_000 - STALE_AFTER_MS, 0)).toBe("stale");
    expect(STALE_AFTER_MS + LOOK_EVERY_MS).toBeLessThan(2000);
  });

  it("gives the first answer the same time", () => {
    expect(freshness(1000, null, 0)).toBe("waiting");
    expect(freshness(1500, null, 0)).toBe("stale");
  });
});

describe("the wait before connecting again", () => {
  it("grows to its limit and never leaves it", () => {
    const longest = Array.from({ length: 60 }, (_, attempt) => reconnectWait_ms(attempt, 0));
    expect(longest[0]).toBe(400);
    expect(longest[1]).toBe(800);
    expect(Math.max(...longest)).toBe(8000);
    expect(longest).toEqual([...longest].sort((a, b) => a - b));
  });

  it("is shortened at random by up to half", () => {
    for (const random of [0, 0.25, 0.5, 0.999]) {
      const wait_ms = reconnectWait_ms(2, random);
      expect(wait_ms).toBeGreaterThan(800);
      expect(wait_ms).toBeLessThanOrEqual(1600);
    }
  });
});
