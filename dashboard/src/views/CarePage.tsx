/** Who is told about somebody, in which order and how; a test of it; pauses; quiet hours. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { getCare, setCare, snooze, testAlarm, wake } from "../alertApi";
import { newContact, typedCare, wishOf } from "../alarm/careWish";
import { myName, rememberMyName } from "../alarm/device";
import { useAsked } from "../useAsked";
import { ApiError } from "../api";
import { date, timeOfDay } from "../format";
import { usePeople } from "../people/known";
import { go } from "../router";
import { Refused } from "./Refused";
import { ContactFields } from "./alarm/ContactFields";
import { WhenToAsk } from "./alarm/WhenToAsk";
import type { Care } from "../wire/alerts";

export function CarePage({ person }: { person: string }) {
  const { found, problem, again } = useAsked((signal) => getCare(person, signal), person);
  const [changed, setChanged] = useState<Care | null>(null);
  // Two changes at once may be answered in either order: what was asked for last knows of both.
  const turn = useRef(0);
  const change = async (work: () => Promise<Care>): Promise<Care> => {
    const mine = ++turn.current;
    const kept = await work();
    if (mine === turn.current) setChanged(kept);
    return kept;
  };
  if (problem !== null && found === null) return <Refused problem={problem} missing="There is no such person" onAgain={again} />;
  const care = changed ?? found;
  if (care === null) return <p class="loading">Loading…</p>;
  return (
    <>
      <div class="page-head">
        <h1>{person === "" ? "Who is told" : `Who is told about ${person}`}</h1>
        <Whose person={person} />
      </div>
      {!care.own && person !== "" && (
        <p class="notice" data-tone="quiet">
          {person} has no plan of their own: this is everybody’s. Saving it makes one for {person}.
        </p>
      )}
      <Plan care={care} person={person} change={change} />
      {person !== "" && (
        <div class="alert-parts">
          <TestAlarm person={person} />
          <Pause care={care} person={person} change={change} />
        </div>
      )}
    </>
  );
}

function Whose({ person }: { person: string }) {
  const { people } = usePeople();
  const id = useId();
  const names = [...new Set([...(people ?? []).map((one) => one.name), ...(person === "" ? [] : [person])])].sort();
  return (
    <div class="field">
      <label for={id}>Plan for</label>
      <select id={id} value={person} onChange={(event) => go(event.currentTarget.value === "" ? "/care" : `/care?person=${encodeURIComponent(event.currentTarget.value)}`)}>
        <option value="">Everybody without a plan of their own</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

type Change = (work: () => Promise<Care>) => Promise<Care>;

function Plan({ care, person, change }: { care: Care; person: string; change: Change }) {
  const [typed, setTyped] = useState(() => typedCare(care));
  const [problems, setProblems] = useState<string[]>([]);
  const [saved, setSaved] = useState(false);
  const id = useId();
  const newest = useRef(typed);
  newest.current = typed;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setSaved(false);
    const read = wishOf(person, typed);
    if ("problems" in read) {
      setProblems(read.problems);
      return;
    }
    try {
      const kept = await change(() => setCare(read.wish));
      setProblems([]);
      if (newest.current !== typed) return; // somebody has gone on typing: not saved yet, and not to be lost
      setTyped(typedCare(kept));
      setSaved(true);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblems([error.message]);
    }
  };
  const { contacts } = typed;
  const move = (at: number, by: number): void => {
    const next = [...contacts];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    setTyped({ ...typed, contacts: next });
  };
  return (
    <form class="panel care-form" noValidate onSubmit={(event) => void save(event)} aria-label="Care plan">
      <p>
        After a possible fall the wearer is asked first. Without an answer in {care.prompt_s} s these people are told, one after
        the other, until one of them takes it.
      </p>
      {contacts.length === 0 && (
        <p class="notice" data-tone="caution" data-testid="no-contacts">
          There is nobody to tell yet. Add the first person.
        </p>
      )}
      {contacts.map((contact, at) => (
        <ContactFields
          key={contact.key}
          contact={contact}
          place={at + 1}
          onChange={(next) => setTyped({ ...typed, contacts: contacts.map((one) => (one.key === contact.key ? next : one)) })}
          onRemove={() => setTyped({ ...typed, contacts: contacts.filter((one) => one.key !== contact.key) })}
          onEarlier={at > 0 ? () => move(at, -1) : null}
        />
      ))}
      <p>
        <button type="button" class="button" onClick={() => setTyped({ ...typed, contacts: [...contacts, newContact()] })}>
          Add a person
        </button>
      </p>
      <WhenToAsk typed={typed} onChange={setTyped} />
      <fieldset class="care-contact">
        <legend>Everything else</legend>
        <div class="care-row">
          <div class="field">
            <label for={`${id}-from`}>Quiet from</label>
            <input id={`${id}-from`} type="time" value={typed.quiet_from} onInput={(event) => setTyped({ ...typed, quiet_from: event.currentTarget.value })} />
          </div>
          <div class="field">
            <label for={`${id}-until`}>until</label>
            <input id={`${id}-until`} type="time" value={typed.quiet_until} onInput={(event) => setTyped({ ...typed, quiet_until: event.currentTarget.value })} />
          </div>
        </div>
        <p class="panel-note">Nothing but falls and calls for help is told in these hours.</p>
        <div class="field">
          <label for={`${id}-dead`}>Outside address that hears from Surefoot every minute</label>
          <input id={`${id}-dead`} type="url" value={typed.dead_man_url} onInput={(event) => setTyped({ ...typed, dead_man_url: event.currentTarget.value })} />
          <p>A service that raises the alarm when Surefoot itself falls silent. May be left empty.</p>
        </div>
        <label class="check">
          <input type="checkbox" checked={typed.tell_simulated} onChange={(event) => setTyped({ ...typed, tell_simulated: event.currentTarget.checked })} /> Tell
          them about simulated people too (demonstrations)
        </label>
      </fieldset>
      {problems.length > 0 && (
        <div class="notice" data-tone="bad" role="alert">
          {problems.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      <p class="button-row">
        <button type="submit" class="button button-strong button-large">
          Save
        </button>
        <span role="status">{saved ? "Saved." : ""}</span>
      </p>
    </form>
  );
}

function TestAlarm({ person }: { person: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const test = async (): Promise<void> => {
    try {
      const { id } = await testAlarm(person);
      if (here.current) go(`/alerts/${encodeURIComponent(id)}`); // else somebody has gone elsewhere meanwhile
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <section class="panel" aria-labelledby="test-heading">
      <h2 id="test-heading">Does it work?</h2>
      <p>A test sends “THIS IS A TEST” to everybody on every way, and shows for each whether it arrived.</p>
      {problem !== null && (
        <p class="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      <p>
        <button type="button" class="button button-large" onClick={() => void test()}>
          Test the alarm
        </button>
      </p>
    </section>
  );
}

function Pause({ care, person, change }: { care: Care; person: string; change: Change }) {
  const [minutes, setMinutes] = useState("60");
  const [name, setName] = useState(myName());
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const act = async (work: () => Promise<Care>): Promise<void> => {
    try {
      await change(work);
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  const pause = (): void => {
    if (name.trim() === "") {
      setProblem("Write your name first: the others see who switched the alarm off.");
      return;
    }
    rememberMyName(name.trim());
    void act(() => snooze(person, Number(minutes), name.trim(), why.trim()));
  };
  return (
    <section class="panel" aria-labelledby="pause-heading">
      <h2 id="pause-heading">Switch falls off for a while</h2>
      {problem !== null && (
        <p class="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {care.snooze !== null ? (
        <>
          <p class="notice" data-tone="caution" data-testid="snoozed">
            Falls of {person} are told to nobody until {timeOfDay(care.snooze.until)}, {date(care.snooze.until)}. Switched off by{" "}
            {care.snooze.by}
            {care.snooze.why ? `: ${care.snooze.why}` : ""}. Calls for help still go out.
          </p>
          <p>
            <button type="button" class="button button-strong" onClick={() => void act(() => wake(person))}>
              Switch on again now
            </button>
          </p>
        </>
      ) : (
        <>
          <p>For example for exercises on the floor. It ends by itself, and holds for {person} alone.</p>
          <div class="care-row">
            <div class="field">
              <label for={`${id}-minutes`}>For</label>
              <select id={`${id}-minutes`} value={minutes} onChange={(event) => setMinutes(event.currentTarget.value)}>
                <option value="15">15 minutes</option>
                <option value="60">1 hour</option>
                <option value="180">3 hours</option>
                <option value="720">12 hours</option>
              </select>
            </div>
            <div class="field">
              <label for={`${id}-by`}>Your name</label>
              <input id={`${id}-by`} value={name} maxLength={80} onInput={(event) => setName(event.currentTarget.value)} />
            </div>
            <div class="field">
              <label for={`${id}-why`}>Why</label>
              <input id={`${id}-why`} value={why} maxLength={200} onInput={(event) => setWhy(event.currentTarget.value)} />
            </div>
          </div>
          <p>
            <button type="button" class="button" onClick={pause}>
              Switch off
            </button>
          </p>
        </>
      )}
    </section>
  );
}
