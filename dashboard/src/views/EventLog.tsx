/** The last walks, turns and other things that happened to one person, newest first; steps are on the chart. */

import { clockTime } from "../format";
import { eventRemark, eventWords } from "../words";
import type { EventMessage } from "../wire/types";

const SHOWN = 12;

export function EventLog({ events, now_s }: { events: readonly EventMessage[]; now_s: number }) {
  const newest = events.slice(-SHOWN).reverse();
  return (
    <section class="event-log" aria-labelledby="event-log-heading">
      <h2 id="event-log-heading">Just happened</h2>
      {newest.length === 0 ? (
        <p>No walk or turn has ended yet. Session time {clockTime(now_s)}.</p>
      ) : (
        <ol>
          {newest.map(({ seq, event }) => (
            <li key={seq}>
              <span class="event-time">{clockTime(event.time_s)}</span>
              <span class="event-kind">{eventWords(event.kind)}</span>
              <span class="event-remark">{eventRemark(event)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
