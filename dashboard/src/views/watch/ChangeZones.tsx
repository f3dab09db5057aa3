/** How a result differs from the last one: in one of three zones, in words and by shape, never by alarm. */

import type { Change } from "../../wire/tests";

const ZONES = [
  { zone: "noise", label: "Within measurement noise" },
  { zone: "likely", label: "Likely change" },
  { zone: "certain", label: "Certain change" },
] as const;

interface Props {
  change: Change;
  unit: string;
  digits: number;
}

export function ChangeZones({ change, unit, digits }: Props) {
  const difference = change.difference === null ? null : Number(change.difference.toFixed(digits));
  return (
    <>
      {change.zone !== "unknown" && (
        <ol class="zones" aria-label="Zones of change">
          {ZONES.map(({ zone, label }) => (
            <li key={zone} {...(zone === change.zone ? { "aria-current": "true" } : {})}>
              {label}
            </li>
          ))}
        </ol>
      )}
      {difference !== null && (
        <p class="zones-difference">
          {difference === 0 ? "No difference" : `${difference > 0 ? "+" : "−"}${Math.abs(difference).toFixed(digits)} ${unit}`}
          {difference !== 0 && change.better !== null && change.zone !== "noise" && <>, {change.better ? "better" : "less good"}</>}
        </p>
      )}
      <p>{change.text}</p>
      {change.source !== "" && <p class="result-note">{change.source}</p>}
    </>
  );
}
