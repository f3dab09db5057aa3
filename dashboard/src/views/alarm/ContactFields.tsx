/** One person who is told: name, ways to reach them, how long to wait, holidays. */

import { useId } from "preact/hooks";
import type { TypedContact } from "../../alarm/careWish";

interface Props {
  contact: TypedContact;
  place: number;
  onChange: (contact: TypedContact) => void;
  onRemove: () => void;
  onEarlier: (() => void) | null;
}

export function ContactFields({ contact, place, onChange, onRemove, onEarlier }: Props) {
  const id = useId();
  const field = (name: "name" | "role" | "wait_min" | "awayFrom" | "awayUntil", label: string, more: object = {}) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input id={`${id}-${name}`} value={contact[name]} maxLength={80} onInput={(event) => onChange({ ...contact, [name]: event.currentTarget.value })} {...more} />
    </div>
  );
  return (
    <fieldset class="care-contact" data-testid="contact">
      <legend>
        {place}. {contact.name || "New person"}
      </legend>
      <div class="care-row">
        {field("name", "Name", { autocomplete: "off" })}
        {field("role", "Who that is")}
        {field("wait_min", "Wait for an answer, min", { inputMode: "decimal" })}
      </div>
      {contact.channels.map((channel, at) => (
        <div class="field" key={channel.kept?.id ?? `new-${at}`}>
          <label for={`${id}-channel-${at}`}>
            {at === 0 ? "First way" : `Then, way ${at + 1}`}
            {channel.kept ? `: ${channel.kept.kind}, ${channel.kept.shown}` : ""}
          </label>
          <input
            id={`${id}-channel-${at}`}
            value={channel.url}
            autocomplete="off"
            placeholder={channel.kept ? "Kept as it is; a new address replaces it" : "mailto://user:password@mail.example?to=anna@example.org"}
            onInput={(event) =>
              onChange({
                ...contact,
                channels: contact.channels.map((one, n) => (n === at ? { ...one, url: event.currentTarget.value } : one)),
              })
            }
          />
        </div>
      ))}
      <p class="button-row">
        <button type="button" class="button" onClick={() => onChange({ ...contact, channels: [...contact.channels, { kept: null, url: "" }] })}>
          Another way to reach them
        </button>
        {contact.channels.length > 1 && (
          <button type="button" class="button" onClick={() => onChange({ ...contact, channels: contact.channels.slice(0, -1) })}>
            Leave the last way out
          </button>
        )}
      </p>
      <div class="care-row">
        {field("awayFrom", "Away from", { type: "datetime-local" })}
        {field("awayUntil", "until", { type: "datetime-local" })}
      </div>
      {contact.awayMore.length > 0 && (
        <p class="panel-note">
          Away {contact.awayMore.length === 1 ? "once more" : `${contact.awayMore.length} more times`}: kept as it is.
        </p>
      )}
      <label class="check">
        <input type="checkbox" checked={contact.technical} onChange={(event) => onChange({ ...contact, technical: event.currentTarget.checked })} /> Tell them
        about technical trouble too (sensor silent, battery low)
      </label>
      <p class="button-row">
        {onEarlier !== null && (
          <button type="button" class="button" onClick={onEarlier}>
            Tell {contact.name || "them"} earlier
          </button>
        )}
        <button type="button" class="button" onClick={onRemove}>
          Remove {contact.name || "this person"}
        </button>
      </p>
    </fieldset>
  );
}
