/** The tests that the live connection spoke of, and what time it is on their sessions' clocks. */

import type { TestRun, TestState } from "../wire/tests";

/** Sent to the page without asking, so their number is bounded; those under way stay. */
const KEPT = 64;

const UNDER_WAY: ReadonlySet<TestState> = new Set<TestState>(["preflight", "countdown", "running", "paused", "settling"]);

export const underWay = (test: Pick<TestRun, "state">): boolean => UNDER_WAY.has(test.state);

/** Answers to requests and the live connection may overtake each other; a test that is over does not begin again. */
function older(one: TestRun, other: TestRun): boolean {
  if (underWay(one) !== underWay(other)) return underWay(one);
  return one.now_s !== null && other.now_s !== null && one.now_s < other.now_s;
}

export interface LiveTest {
  test: TestRun;
  /** When `test` came, on the page's clock (ms). */
  heardAt_ms: number;
}

export class LiveTests {
  private readonly known = new Map<string, LiveTest>();
  /** Page time less session time (ms), by session: the least that was seen, which is the message that was least late. */
  private readonly offsets_ms = new Map<string, number>();

  get(id: string): LiveTest | undefined {
    return this.known.get(id);
  }

  /** Newest word last. */
  all(): LiveTest[] {
    return [...this.known.values()];
  }

  ofSession(sessionId: string): LiveTest[] {
    return this.all().filter(({ test }) => test.session_id === sessionId);
  }

  /** Returns whether something changed that a reader should see at once; a word older than the last one is left out. */
  take(test: TestRun, now_ms: number): boolean {
    const before = this.known.get(test.id)?.test;
    if (before && older(test, before)) return false;
    this.known.delete(test.id);
    this.known.set(test.id, { test, heardAt_ms: now_ms });
    if (test.now_s !== null && underWay(test)) {
      const offset_ms = now_ms - 1000 * test.now_s;
      this.offsets_ms.set(test.session_id, Math.min(offset_ms, this.offsets_ms.get(test.session_id) ?? Infinity));
    }
    this.forgetOldest();
    return before?.state !== test.state || before.instruction?.key !== test.instruction?.key;
  }

  /** What time it is on a test's session clock (s), null where the server has not said. */
  now_s(test: Pick<TestRun, "session_id">, now_ms: number): number | null {
    const offset_ms = this.offsets_ms.get(test.session_id);
    return offset_ms === undefined ? null : (now_ms - offset_ms) / 1000;
  }

  /** A moment of a test's session on the page's clock (ms), null where the server has not said. */
  page_ms(test: Pick<TestRun, "session_id">, moment_s: number): number | null {
    const offset_ms = this.offsets_ms.get(test.session_id);
    return offset_ms === undefined ? null : offset_ms + 1000 * moment_s;
  }

  clear(): void {
    this.known.clear();
    this.offsets_ms.clear();
  }

  private forgetOldest(): void {
    for (const [id, { test }] of this.known) {
      if (this.known.size <= KEPT) return;
      if (!underWay(test)) this.known.delete(id);
    }
  }
}
