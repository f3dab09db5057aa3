/** The name and the ways between one person's pages. */

import type { Person } from "../wire/people";

const PAGES = [
  { page: "day", path: "/today", name: "Today" },
  { page: "person", path: "", name: "Height and calibration" },
  { page: "calibrate", path: "/calibrate", name: "Calibration walk" },
] as const;

export function PersonHead({ person, page }: { person: Pick<Person, "id" | "name">; page: (typeof PAGES)[number]["page"] }) {
  return (
    <div class="person-head">
      <h1>{person.name}</h1>
      <nav aria-label={`Pages about ${person.name}`}>
        {PAGES.map((it) => (
          <a key={it.page} href={`/people/${person.id}${it.path}`} aria-current={it.page === page ? "page" : undefined}>
            {it.name}
          </a>
        ))}
        <a href={`/stumbles?person=${encodeURIComponent(person.name)}`}>Stumbles</a>
        <a href={`/tests?person=${encodeURIComponent(person.name)}`}>Tests</a>
      </nav>
    </div>
  );
}
