/** The last things that happened to one person, newest first. */

import { clockTime, duration, whole } from "../format";
import { eventWords } from "../words";
import type { EventMessage, GaitEvent } from "../wire/types";

const SHOWN = 12;

function remark(event: GaitEvent): string {
  if (event.kind === "step") {
    const side = event.side ? `${event.side} foot` : "side not known";
    return event.walking === false ? `${side}, not walking` : side;
  }
  if (event.kind === "walking_bout" && event.end_s !== undefined) {
    const steps = event.steps === null || event.steps === undefined ? "" : `, ${whole(event.steps)} steps`;
    return `${duration(event.end_s - event.time_s)}${steps}`;
  }
  return event.end_s === undefined ? "" : duration(event.end_s - event.time_s);
}

export function EventLog({ events, now_s }: { events: readonly EventMessage[]; now_s: number }) {
  const newest = events.slice(-SHOWN).reverse();
  return (
    <section class="event-log" aria-labelledby="event-log-heading">
      <h2 id="event-log-heading">Just happened</h2>
      {newest.length === 0 ? (
        <p>Nothing yet. Session time {clockTime(now_s)}.</p>
      ) : (
        <ol>
          {newest.map(({ seq, event }) => (
            <li key={seq}>
              <span class="event-time">{clockTime(event.time_s)}</span>
              <span class="event-kind">{eventWords(event.kind)}</span>
              <span class="event-remark">{remark(event)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
