/** The strip of stride times in the page, with a table of the same for who cannot see it. */

import { clockTime, fixed } from "../format";
import { strideRows } from "../live/strideRows";
import { STRIP_WINDOW_S, StridePlot } from "./stridePlot";
import { usePlot } from "./usePlot";
import type { ChartSource } from "./wavePlot";

interface Props {
  source: ChartSource;
  name: string;
  /** What the right edge stands for: "now", or the position in a replay. */
  edge: string;
}

export function StrideStrip({ source, name, edge }: Props) {
  const root = usePlot((element) => new StridePlot(element, source), source);
  return (
    <figure class="stride-strip">
      <figcaption>
        Stride times <span class="strip-key">each sign is one stride; a violet band is a turn</span>
      </figcaption>
      <div
        class="stride-plot"
        role="img"
        aria-label={`Stride times of ${name} over the last ${STRIP_WINDOW_S / 60} minutes; a table of them can be opened.`}
        ref={root}
      />
      <p class="stride-axis" aria-hidden="true">
        <span>2 min before</span>
        <span>1 min</span>
        <span>{edge}</span>
      </p>
    </figure>
  );
}

/** Ten seconds to a row; `edge_s` is the strip's right edge. */
export function StrideTable({ source, edge_s }: { source: ChartSource; edge_s: number }) {
  const rows = strideRows(source.marks, edge_s, STRIP_WINDOW_S);
  if (rows.length === 0) return <p class="table-empty">No stride in the last two minutes.</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Stride times">
      <table class="plain-table">
        <caption class="visually-hidden">Stride times in pieces of ten seconds</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Strides</th>
            <th scope="col">Shortest, s</th>
            <th scope="col">Middle, s</th>
            <th scope="col">Longest, s</th>
            <th scope="col">Turns</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.from_s}>
              <th scope="row">{clockTime(row.from_s)}</th>
              <td>{row.strides}</td>
              <td>{fixed(row.least_s, 2)}</td>
              <td>{fixed(row.median_s, 2)}</td>
              <td>{fixed(row.most_s, 2)}</td>
              <td>{row.turns}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
