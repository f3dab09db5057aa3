/** For addresses that lead nowhere. */

export function NotFoundPage() {
  return (
    <section class="empty">
      <h1>There is no such page</h1>
      <p>
        <a class="button" href="/">
          Go to the live page
        </a>
      </p>
    </section>
  );
}
