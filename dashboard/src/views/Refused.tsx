/** A page that cannot be shown, and what to do about it. */

import type { ApiError } from "../api";

export function Refused({ problem, missing, onAgain }: { problem: ApiError; missing: string; onAgain: () => void }) {
  return (
    <section class="empty">
      <h1>{problem.status === 404 ? missing : "This page cannot be shown"}</h1>
      <p>{problem.message}</p>
      <p class="button-row">
        {problem.status !== 404 && (
          <button type="button" class="button" onClick={onAgain}>
            Try again
          </button>
        )}
        <a class="button" href="/people">
          All people
        </a>
      </p>
    </section>
  );
}
