/** A page whose code is fetched only when it is opened. */

import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";

interface Props<P extends object> {
  /** The same function at every rendering. */
  load: () => Promise<ComponentType<P>>;
  with: P;
}

export function Lazily<P extends object>({ load, with: props }: Props<P>) {
  const [Page, setPage] = useState<ComponentType<P> | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    load().then(
      (loaded) => wanted && setPage(() => loaded),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [load, attempt]);
  if (Page !== null) return <Page {...props} />;
  if (!failed) return <p class="loading">Loading…</p>;
  return (
    <section class="empty">
      <h1>This page cannot be shown</h1>
      <p>Surefoot does not answer. Check that it is running, then try again.</p>
      <p>
        <button
          type="button"
          class="button"
          onClick={() => {
            setFailed(false);
            setAttempt(attempt + 1);
          }}
        >
          Try again
        </button>
      </p>
    </section>
  );
}
