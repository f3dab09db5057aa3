/** What Surefoot has noticed about its sensors and itself: calm, and never like an alarm. */

import { useState } from "preact/hooks";
import { timeOfDay } from "../../format";
import type { LiveStore } from "../../live/store";
import type { Notice } from "../../wire/care";

export function NoticeBar({ store }: { store: LiveStore }) {
  const [all, setAll] = useState(false);
  const notices = store.notices.shown();
  const [first, ...more] = notices;
  if (first === undefined || store.freshness === "stale") return null;
  return (
    <section class="notice-bar" aria-label="Technical notices" data-level={first.level} data-testid="notices">
      <ul>
        {(all ? notices : [first]).map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </ul>
      {more.length > 0 && (
        <button type="button" class="button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show less" : `${more.length} more`}
        </button>
      )}
    </section>
  );
}

function Line({ notice }: { notice: Notice }) {
  return (
    <li data-level={notice.level}>
      <strong>{notice.title}.</strong> {notice.text} {notice.what_to_do}{" "}
      <span class="notice-since">Since {timeOfDay(notice.at)}.</span>{" "}
      {notice.simulated && <span class="tag">Simulated</span>}
    </li>
  );
}
