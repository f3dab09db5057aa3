/** Which events have been seen: each once, none missed. */

export class EventSequence {
  /** The last event known to this page, or null before the first greeting. */
  last: number | null = null;
  first: number | null = null;
  received = 0;
  duplicates = 0;
  missed = 0;
  private storeId: string | null = null;
  /** Up to here the server reads from its database, where numbers may be left out: after a crash it skips some. */
  private storedUpTo = 0;

  /**
   * Takes the greeting: from which database, its newest event, and after which event it goes on (null: only what is
   * new). Returns false when it is another database (a demo that was started afresh), so that what was known is void.
   */
  greet(storeId: string, lastSeq: number, resumedFrom: number | null): boolean {
    const same = this.storeId === null || (this.storeId === storeId && (this.last === null || lastSeq >= this.last));
    this.storeId = storeId;
    if (!same) this.forget();
    if (this.last === null || resumedFrom === null) this.last = resumedFrom ?? lastSeq;
    this.storedUpTo = lastSeq;
    return same;
  }

  /** Whether this event is new; counts what was skipped or came twice. */
  accept(seq: number): boolean {
    if (this.last !== null && seq <= this.last) {
      this.duplicates++;
      return false;
    }
    const before = Math.max(this.last ?? 0, this.storedUpTo);
    if (seq > before + 1) this.missed += seq - before - 1;
    this.first ??= seq;
    this.last = seq;
    this.received++;
    return true;
  }

  private forget(): void {
    this.last = null;
    this.first = null;
    this.received = 0;
    this.duplicates = 0;
    this.missed = 0;
    this.storedUpTo = 0;
  }
}
