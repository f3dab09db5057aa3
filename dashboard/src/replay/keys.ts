/** The keyboard of the replay page. */

import { useLayoutEffect } from "preact/hooks";
import type { Transport } from "./transport";

const ARROW_S = 1;
const PAGE_S = 10;

/** Does what the key stands for; false when it stands for nothing. */
function press(key: string, shift: boolean, transport: Transport): boolean {
  const by_s = shift ? PAGE_S : ARROW_S;
  switch (key) {
    case " ":
      transport.toggle();
      return true;
    case "ArrowLeft":
    case "ArrowDown":
      transport.seek(transport.position_s - by_s);
      return true;
    case "ArrowRight":
    case "ArrowUp":
      transport.seek(transport.position_s + by_s);
      return true;
    case "PageDown":
      transport.seek(transport.position_s - PAGE_S);
      return true;
    case "PageUp":
      transport.seek(transport.position_s + PAGE_S);
      return true;
    case "Home":
      transport.seek(transport.from_s);
      return true;
    case "End":
      transport.seek(transport.duration_s);
      return true;
    default:
      return false;
  }
}

/** Whether a control under the focus needs this key for itself. */
function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "range") return false;
  if (target.matches("input, select, textarea")) return true;
  if (target.matches("button, a, summary")) return key === " ";
  return false;
}

/** On the page itself, outside the slider, up and down and the page keys go on scrolling it. */
function scrolls(target: EventTarget | null, key: string): boolean {
  return !(target instanceof HTMLInputElement) && ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(key);
}

/** Listens from before the first paint: a key pressed as soon as the page is seen must not be lost. */
export function useReplayKeys(transport: Transport, onChange: () => void): void {
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (belongsToControl(event.target, event.key) || scrolls(event.target, event.key)) return;
      if (!press(event.key, event.shiftKey, transport)) return;
      event.preventDefault();
      onChange();
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [transport, onChange]);
}
