/** False alarms against their budget, for each person: in words, with what can be done about them. */

import { getBudgets } from "../../alertApi";
import { useAsked } from "../../useAsked";
import { shortDate } from "../../format";
import type { Budget } from "../../wire/alerts";

export function Budgets({ person, changes }: { person: string | null; changes: string }) {
  const { found } = useAsked<Budget[]>((signal) => getBudgets(person, signal), `${person} ${changes}`);
  if (found === null || found.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="budget-heading">
      <h2 id="budget-heading">False alarms</h2>
      <p class="panel-note">
        The budget: at most one false “Are you OK?” a week, and one false call to a contact a month. False is what somebody has called
        so.
      </p>
      <ul class="budget-list">
        {found.map((budget) => (
          <OfOne key={`${budget.person} ${budget.simulated}`} budget={budget} />
        ))}
      </ul>
    </section>
  );
}

function OfOne({ budget }: { budget: Budget }) {
  const { person, simulated, within, text, advice, weeks } = budget;
  const unclear = weeks.some((week) => week.unclear > 0);
  return (
    <li data-testid="budget" data-within={within}>
      <h3>
        {person} {simulated && <span class="tag">Simulated</span>}
      </h3>
      <p>{text}</p>
      <p class="panel-note">
        False questions, weeks from{" "}
        {[...weeks].reverse().map((week, at) => (
          <span key={week.since}>
            {at > 0 && ", "}
            {shortDate(week.since)}: {week.false} of {week.prompts}
          </span>
        ))}
        .{unclear && " Unclear ones may be false, too: say on the alarm how it ended."}
      </p>
      {advice.length > 0 && (
        <ul class="budget-advice">
          {advice.map((words) => (
            <li key={words}>Above the budget: {words}</li>
          ))}
        </ul>
      )}
      {advice.length > 0 && (
        <p>
          <a class="button" href={`/care?person=${encodeURIComponent(person)}`}>
            Open {person}’s care plan
          </a>
        </p>
      )}
    </li>
  );
}
