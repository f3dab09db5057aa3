/** The walking bouts of one session, each once, in order of time. */

import type { GaitEvent } from "../wire/types";

/** An event as the server spells a bout that has ended. */
export type Walk = GaitEvent & { end_s: number };

/** The same bout from the history and from the live stream agrees to within this. */
const SAME_MOMENT_S = 0.05;

export class BoutList {
  readonly walks: Walk[] = [];
  version = 0;

  /** Takes bouts in and withdrawn ones out; other events are ignored. */
  add(event: GaitEvent): void {
    if (event.kind === "walking_bout" && event.end_s !== undefined) {
      this.insert({ ...event, end_s: event.end_s });
    } else if (event.kind === "retraction" && event.of_kind === "walking_bout") {
      const at = this.at(event.of_time_s ?? NaN);
      if (at < 0) return;
      this.walks.splice(at, 1);
      this.version++;
    }
  }

  private at(time_s: number): number {
    return this.walks.findIndex((walk) => Math.abs(walk.time_s - time_s) <= SAME_MOMENT_S);
  }

  private insert(walk: Walk): void {
    if (this.at(walk.time_s) >= 0) return;
    let place = this.walks.length;
    while (place > 0 && (this.walks[place - 1] as Walk).time_s > walk.time_s) place--;
    this.walks.splice(place, 0, walk);
    this.version++;
  }
}
