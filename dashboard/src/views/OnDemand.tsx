/** Something that is made only while it is open. */

import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

export function OnDemand({ title, children }: { title: string; children: () => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="details" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <div class="details-body">{children()}</div>}
    </details>
  );
}
