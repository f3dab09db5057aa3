/** A therapist's words about a test: notes with their time, and a trial marked as not valid with the reason. */

import { useId, useState } from "preact/hooks";
import { timeOfDay } from "../../format";
import { addTestNote, markInvalid, unmarkInvalid } from "../../testApi";
import { Problem, useAsking } from "./Asking";
import type { TestRun } from "../../wire/tests";

interface Props {
  run: TestRun;
  onChange: (run: TestRun) => void;
}

const MOST_CHARACTERS = 1000;

export function Notes({ run, onChange }: Props) {
  const [text, setText] = useState("");
  const { busy, problem, ask } = useAsking(onChange);
  const field = useId();
  const add = async (): Promise<void> => {
    if (text.trim() !== "" && (await ask(() => addTestNote(run.id, text.trim())))) setText("");
  };
  return (
    <section class="notes" aria-labelledby="notes-heading">
      <h2 id="notes-heading">Notes</h2>
      {run.notes.length > 0 && (
        <ol class="notes-list">
          {run.notes.map((note) => (
            <li key={note.at + note.text}>
              <time dateTime={note.at}>{timeOfDay(note.at)}</time> {note.text}
            </li>
          ))}
        </ol>
      )}
      <form
        class="operator-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label for={field}>A note with the time of now</label>
        <textarea id={field} rows={2} value={text} maxLength={MOST_CHARACTERS} onInput={(event) => setText(event.currentTarget.value)} />
        <Problem text={problem} />
        <button type="submit" class="button" disabled={busy || text.trim() === ""}>
          Add the note
        </button>
      </form>
    </section>
  );
}

/** For a test that is over: kept and shown either way. */
export function Validity({ run, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const { busy, problem, ask } = useAsking(onChange);
  const field = useId();
  if (run.invalidated !== null) {
    return (
      <section class="validity" aria-label="Marked as not valid">
        <p class="notice" data-tone="caution">
          <span>
            <strong>Marked as not valid</strong> at {timeOfDay(run.invalidated.at)}: {run.invalidated.reason}
          </span>
          <button type="button" class="button" disabled={busy} onClick={() => void ask(() => unmarkInvalid(run.id))}>
            Take it back
          </button>
        </p>
        <Problem text={problem} />
      </section>
    );
  }
  if (!open) {
    return (
      <section class="validity" aria-label="Validity">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          Mark this trial as not valid…
        </button>
      </section>
    );
  }
  return (
    <section class="validity" aria-label="Validity">
      <form
        class="operator-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask(() => markInvalid(run.id, reason.trim())).then((done) => done && setOpen(false));
        }}
      >
        <label for={field}>Why is it not valid? The trial is kept, without a result.</label>
        <input id={field} value={reason} required autocomplete="off" maxLength={300} onInput={(event) => setReason(event.currentTarget.value)} />
        <Problem text={problem} />
        <div class="operator-actions">
          <button type="submit" class="button" disabled={busy || reason.trim() === ""}>
            Mark as not valid
          </button>
          <button type="button" class="button-quiet" onClick={() => setOpen(false)}>
            Leave it as it is
          </button>
        </div>
      </form>
    </section>
  );
}
