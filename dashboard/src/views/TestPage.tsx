/** One test for the person who does it, in whichever state it is. */

import { useRef, useState } from "preact/hooks";
import { ApiError } from "../api";
import { useProtocols } from "../clinic/useProtocols";
import { useStop } from "../clinic/useStop";
import { useTest } from "../clinic/useTest";
import { underWay } from "../live/tests";
import { go } from "../router";
import { stopTest } from "../testApi";
import { OverView, StoppedView } from "./clinic/Over";
import { NOTHING_SAID, PreflightView } from "./clinic/Preflight";
import { RunningView } from "./clinic/Running";
import { Frame } from "./clinic/Screen";
import { Refused } from "./Refused";
import type { LiveStore } from "../live/store";
import type { Protocol, TestRun } from "../wire/tests";

export function TestPage({ id, store }: { id: string; store: LiveStore }) {
  const found = useTest(store, id);
  const catalogue = useProtocols();
  const { test } = found;
  const problem = found.problem ?? catalogue.problem;
  const protocol = catalogue.protocols?.find((it) => it.id === test?.protocol);
  if (test !== null && protocol !== undefined) return <Known test={test} protocol={protocol} store={store} again={found.again} />;
  if (problem === null) return <p class="loading">Loading…</p>;
  return (
    <Refused
      problem={problem}
      missing="There is no such test"
      onAgain={() => {
        found.again();
        catalogue.again();
      }}
    />
  );
}

interface KnownProps {
  test: TestRun;
  protocol: Protocol;
  store: LiveStore;
  again: () => void;
}

function Known({ test, protocol, store, again }: KnownProps) {
  const { asked, unheard, stop } = useStop(store, test.id, again);
  const [said, setSaid] = useState(NOTHING_SAID);
  const seenRunning = useRef(false);
  seenRunning.current ||= underWay(test);
  const leave = async (): Promise<void> => {
    try {
      if (underWay(test)) store.takeTest(await stopTest(test.id, "aborted"), performance.now());
    } catch (error) {
      // A server that does not hear it still has the test under way; the next page says so.
      if (!(error instanceof ApiError)) throw error;
    }
    go(`/test?session=${encodeURIComponent(test.session_id)}`);
  };
  if (asked && underWay(test)) {
    return (
      <Frame title={test.plain_name}>
        <StoppedView rules={protocol.stop_rules} unheard={unheard} aloud />
      </Frame>
    );
  }
  if (test.state === "preflight") {
    return (
      <Frame title={test.plain_name} onLeave={() => void leave()} saysVoiceless>
        <PreflightView test={test} protocol={protocol} store={store} said={said} onSay={setSaid} />
      </Frame>
    );
  }
  if (underWay(test)) {
    return (
      <Frame title={test.plain_name}>
        <RunningView test={test} protocol={protocol} store={store} onStop={stop} />
      </Frame>
    );
  }
  return (
    <Frame title={test.plain_name} onLeave={() => go(`/tests?person=${encodeURIComponent(test.person)}`)} leaveWords="Close">
      <OverView test={test} protocol={protocol} store={store} fresh={seenRunning.current} />
    </Frame>
  );
}
