/** On the live page: a test under way with this sensor, with the way to its view. */

import { underWay } from "../live/tests";
import { fullName, testStateWords, watchUrl } from "../watch/words";
import { ForwardIcon } from "./icons";
import type { LiveStore } from "../live/store";

export function TestStrip({ store, sessionId }: { store: LiveStore; sessionId: string }) {
  const going = store.tests.ofSession(sessionId).find(({ test }) => underWay(test));
  if (going === undefined) return null;
  const { test } = going;
  return (
    <a class="test-strip" href={watchUrl(test.id)} data-testid="test-strip">
      <strong>{fullName(test)}</strong> <span>{testStateWords(test.state).label.toLowerCase()}</span>
      <ForwardIcon />
    </a>
  );
}
