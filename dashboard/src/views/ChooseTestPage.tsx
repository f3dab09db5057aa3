/** Choosing a test: who, which, how; then the test itself begins with its checks. */

import { useEffect, useState } from "preact/hooks";
import { useWearer } from "../alarm/device";
import { ApiError } from "../api";
import { useProtocols } from "../clinic/useProtocols";
import { suited, wishOf } from "../clinic/wish";
import { underWay } from "../live/tests";
import { go, toLogin } from "../router";
import { addTest, getTests } from "../testApi";
import { positionWords } from "../words";
import { Questions } from "./clinic/Questions";
import { BigButton } from "./clinic/BigButton";
import { Frame, Screen } from "./clinic/Screen";
import { SetupView } from "./clinic/SetupView";
import { Refused } from "./Refused";
import type { Setup } from "../clinic/wish";
import type { LiveStore } from "../live/store";
import type { Answers, Protocol, TestRun } from "../wire/tests";
import type { Stream } from "../wire/types";

interface Props {
  /** A session and a protocol that the address names. */
  session: string | null;
  protocol: string | null;
  store: LiveStore;
}

export function ChooseTestPage({ session, protocol: wanted, store }: Props) {
  const { protocols, problem, again } = useProtocols();
  const wearer = useWearer();
  const [chosenSession, chooseSession] = useState(session);
  const [chosenProtocol, chooseProtocol] = useState(wanted);
  const streams = [...store.streams.values()].filter((it) => it.ended === null).map((it) => it.stream);
  const only = streams.length === 1 ? streams[0] : undefined;
  const stream = streams.find((it) => it.session_id === chosenSession) ?? (chosenSession === null ? only : undefined);
  const protocol = protocols?.find((it) => it.id === chosenProtocol && stream && it.positions.includes(stream.position));
  if (problem !== null) return <Refused problem={problem} missing="There are no tests here" onAgain={again} />;
  const back = (): void => {
    if (protocol) chooseProtocol(null);
    else if (stream && stream !== only) chooseSession(null);
    else go("/");
  };
  return (
    <Frame title="Do a test" onLeave={back} leaveWords="Back">
      {!store.greeted || protocols === null ? (
        <p class="loading">Loading…</p>
      ) : stream === undefined ? (
        <ChooseStream streams={streams} missed={chosenSession !== null} onChoose={chooseSession} />
      ) : protocol === undefined ? (
        <ChooseProtocol protocols={protocols} stream={stream} store={store} onChoose={chooseProtocol} />
      ) : (
        <Prepare key={protocol.id} protocol={protocol} stream={stream} store={store} />
      )}
      {wearer === null && protocol === undefined && (
        <a class="clinic-link" href="/what-happened">
          Is this your own device? Let it ask “Are you OK?” after a possible fall.
        </a>
      )}
    </Frame>
  );
}

interface ChooseStreamProps {
  streams: Stream[];
  /** The address named a session that is over. */
  missed: boolean;
  onChoose: (sessionId: string) => void;
}

function ChooseStream({ streams, missed, onChoose }: ChooseStreamProps) {
  if (streams.length === 0) {
    return (
      <Screen title="No sensor is connected">
        <p class="clinic-words">Switch the sensor on and put it on. Then this page goes on by itself.</p>
      </Screen>
    );
  }
  return (
    <Screen title="Who does the test?">
      {missed && <p class="clinic-note">That sensor is not connected any more. Here is who wears one now.</p>}
      <div class="clinic-list">
        {streams.map((it) => (
          <BigButton key={it.session_id} onPress={() => onChoose(it.session_id)}>
            <strong>{it.label || it.sensor.name || "Unnamed"}</strong>
            <span class="clinic-about">Sensor: {positionWords(it.position).toLowerCase()}</span>
          </BigButton>
        ))}
      </div>
    </Screen>
  );
}

interface ChooseProtocolProps {
  protocols: Protocol[];
  stream: Stream;
  store: LiveStore;
  onChoose: (protocol: string) => void;
}

function ChooseProtocol({ protocols, stream, store, onChoose }: ChooseProtocolProps) {
  const { fit, unfit } = suited(protocols, stream.position);
  const open = store.tests.ofSession(stream.session_id).find(({ test }) => underWay(test))?.test;
  const place = positionWords(stream.position).toLowerCase();
  return (
    <Screen title="Which test?">
      {open && (
        <a class="big-button" data-kind="strong" href={`/test/${encodeURIComponent(open.id)}`}>
          Go on with: {open.plain_name}
        </a>
      )}
      {fit.length === 0 && (
        <p class="clinic-words">No test can be done with a sensor here: {place}. Wear it at the lower back.</p>
      )}
      <div class="clinic-list">
        {fit.map((it) => (
          <BigButton key={it.id} onPress={() => onChoose(it.id)}>
            <strong>{it.plain_name}</strong>
            <span class="clinic-about">{it.about}</span>
          </BigButton>
        ))}
      </div>
      {fit.length > 0 && unfit.length > 0 && (
        <p class="clinic-small">
          Not with a sensor here ({place}): {unfit.map((it) => it.plain_name.toLowerCase()).join("; ")}.
        </p>
      )}
      {stream.label !== "" && (
        <a class="big-button" href={`/tests?person=${encodeURIComponent(stream.label)}`}>
          Earlier results
        </a>
      )}
    </Screen>
  );
}

interface PrepareProps {
  protocol: Protocol;
  stream: Stream;
  store: LiveStore;
}

/** How it is to be done, then what is asked before; the answer to the last makes the test. */
function Prepare({ protocol, stream, store }: PrepareProps) {
  const last = useLastRun(stream.label, protocol.id);
  const [ready, setReady] = useState<{ setup: Setup; answers: Answers } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (setup: Setup, answers: Answers, before: Answers): Promise<void> => {
    setProblem(null);
    try {
      const test = await addTest(wishOf(stream.session_id, protocol, setup, answers, before));
      store.takeTest(test, performance.now());
      go(`/test/${encodeURIComponent(test.id)}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      setReady(null);
    }
  };
  if (last === undefined) return <p class="loading">Loading…</p>;
  if (ready !== null && protocol.before.length > 0) {
    return <Questions questions={protocol.before} onDone={(before) => void make(ready.setup, ready.answers, before)} />;
  }
  return (
    <SetupView
      protocol={protocol}
      last={last}
      problem={problem}
      onReady={(setup, answers) => {
        if (protocol.before.length > 0) setReady({ setup, answers });
        else void make(setup, answers, {});
      }}
    />
  );
}

/** The same person's last run of a protocol; undefined until it is known, null where there is none. */
function useLastRun(person: string, protocol: string): TestRun | null | undefined {
  const [last, setLast] = useState<TestRun | null | undefined>(undefined);
  useEffect(() => {
    if (person === "") return setLast(null);
    const abort = new AbortController();
    getTests({ person, protocol, limit: 1 }, abort.signal).then(
      (found) => setLast(found[0] ?? null),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) toLogin();
        else setLast(null);
      },
    );
    return () => abort.abort();
  }, [person, protocol]);
  return last;
}
