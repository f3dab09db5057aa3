/** How the sensor is: a badge always, and a notice with reason, remedy and countdown when it is not well. */

import { stateWords } from "../words";
import { retryIn_s } from "./streamWords";
import type { LiveStream } from "../live/stream";
import type { Moment } from "./streamWords";

export function StateBadge({ live, stale }: { live: LiveStream; stale: boolean }) {
  if (live.ended !== null) return <Badge tone="quiet" label="Session over" />;
  const words = stateWords(live.stream.state);
  return stale ? <Badge tone="quiet" label="Not connected" /> : <Badge tone={words.tone} label={words.label} />;
}

function Badge({ tone, label }: { tone: string; label: string }) {
  return (
    <span class="badge" data-tone={tone} data-testid="state">
      <span class="badge-sign" aria-hidden="true" />
      {label}
    </span>
  );
}

export function StateNotice({ live, moment }: { live: LiveStream; moment: Moment }) {
  if (live.ended !== null) return <p class="notice" data-tone="quiet">{live.ended}</p>;
  if (moment.stale || live.stream.state === "streaming") return null;
  const words = stateWords(live.stream.state);
  const retry_s = retryIn_s(live, moment);
  return (
    <div class="notice" data-tone={words.tone}>
      {live.stream.reason !== "" && <p>{live.stream.reason}</p>}
      {words.remedy !== null && !(words.reasonHasRemedy && live.stream.reason !== "") && <p>{words.remedy}</p>}
      {retry_s !== null && (
        <p data-testid="retry">{retry_s < 1 ? "Trying now." : `Next try in ${Math.ceil(retry_s)} s.`}</p>
      )}
    </div>
  );
}
