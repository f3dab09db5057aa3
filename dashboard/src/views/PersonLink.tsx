/** From a sensor's card to the wearer's day, or to adding them where nobody by that name is known. */

import { personNamed, usePeople } from "../people/known";

export function PersonLink({ name }: { name: string }) {
  const { people } = usePeople();
  if (people === null || name.trim() === "") return null;
  const person = personNamed(people, name);
  if (person === null) {
    return (
      <a class="button-quiet" href={`/people?add=${encodeURIComponent(name)}`} aria-label={`Add person ${name}`}>
        Add person
      </a>
    );
  }
  return (
    <a class="button-quiet" href={`/people/${person.id}/today`} aria-label={`Today of ${person.name}`}>
      Today
    </a>
  );
}
