/** From day to day. */

import { isDay, shiftDay, shortDay } from "../people/days";
import { go } from "../router";
import { BackIcon, ForwardIcon } from "./icons";

const FIRST_DAY = "2000-01-01";

export function DaySwitcher({ id, date, today }: { id: number; date: string; today: string }) {
  const address = (day: string): string => `/people/${id}/today${day === today ? "" : `?date=${day}`}`;
  const before = shiftDay(date, -1);
  const after = shiftDay(date, 1);
  return (
    <nav class="day-switcher" aria-label="Days">
      <a class="button" href={address(before)} aria-label={`Day before, ${shortDay(before)}`}>
        <BackIcon /> <span>{shortDay(before)}</span>
      </a>
      <label>
        <span class="visually-hidden">Day to show</span>
        <input
          type="date"
          value={date}
          min={FIRST_DAY}
          max={today}
          onChange={({ currentTarget: { value } }) => {
            if (isDay(value) && value >= FIRST_DAY && value <= today) go(address(value));
          }}
        />
      </label>
      {date < today ? (
        <>
          <a class="button" href={address(after)} aria-label={`Day after, ${shortDay(after)}`}>
            <span>{shortDay(after)}</span> <ForwardIcon />
          </a>
          <a class="button-quiet" href={address(today)}>
            Today
          </a>
        </>
      ) : (
        <button type="button" class="button" disabled>
          <span>Tomorrow</span> <ForwardIcon />
        </button>
      )}
    </nav>
  );
}
