/** Asks for the access token and goes back to where the reader wanted to be. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, getAllowed, logIn } from "../api";
import { go } from "../router";

/** Only places inside these pages: an address from outside must not send the reader elsewhere. */
function wanted(): string {
  const to = new URLSearchParams(location.search).get("to") ?? "/";
  const url = new URL(to, location.origin);
  return url.origin === location.origin && url.pathname !== "/login" ? url.pathname + url.search : "/";
}

export function LoginPage() {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const token = useRef<HTMLInputElement>(null);

  useEffect(() => {
    token.current?.focus();
    getAllowed().then(
      (already) => already && go(wanted(), true),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await logIn(token.current?.value.trim() ?? "");
      go(wanted(), true);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      token.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <section class="login">
      <h1>Log in</h1>
      <p>This Surefoot is protected by an access token. Whoever set it up can give it to you.</p>
      <form onSubmit={(event) => void submit(event)}>
        <label for="token">Access token</label>
        <input
          id="token"
          ref={token}
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : "login-problem"}
        />
        {problem !== null && (
          <p id="login-problem" class="notice" data-tone="bad" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="button button-strong" disabled={busy}>
          Log in
        </button>
      </form>
    </section>
  );
}
