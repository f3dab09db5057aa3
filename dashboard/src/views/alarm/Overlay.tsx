/** A question over everything: the whole screen, the focus caught, the page behind it out of reach. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useDeaf } from "../../clinic/useDeaf";
import type { ComponentChildren } from "preact";

interface OverlayProps {
  children: ComponentChildren;
  title: string;
  role: "dialog" | "alertdialog";
  state: string;
  loud?: boolean;
}

export function Overlay({ children, title, role, state, loud = false }: OverlayProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current as HTMLDialogElement;
    // Some browsers close a dialog at the second Escape or "back", whatever the page says: it opens again.
    const open = (): void => {
      if (!element.open) element.showModal();
      element.focus();
    };
    open();
    element.addEventListener("close", open);
    return () => {
      element.removeEventListener("close", open);
      element.close();
    };
  }, []);
  // Who answers with the keyboard is not carried over to the next question's first button.
  useEffect(() => dialog.current?.focus(), [state]);
  return (
    <dialog
      class="alarm"
      role={role}
      aria-labelledby="alarm-title"
      aria-describedby="alarm-next"
      tabIndex={-1}
      ref={dialog}
      data-state={state}
      data-loud={loud}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(press) => press.key === "Escape" && (press.preventDefault(), press.stopPropagation())}
    >
      <h1 id="alarm-title">{title}</h1>
      {children}
    </dialog>
  );
}

interface ButtonProps {
  children: ComponentChildren;
  kind: "ok" | "help" | "plain";
  /** What is being asked: the button is deaf for a moment when that changes. */
  asked: string;
  onPress: () => void;
  pressed?: boolean;
}

/** For a fist. */
export function AlarmButton({ children, kind, asked, onPress, pressed = false }: ButtonProps) {
  const deaf = useDeaf(asked);
  return (
    <button type="button" class="alarm-button" data-kind={kind} data-pressed={pressed} disabled={deaf} onClick={onPress}>
      {children}
    </button>
  );
}
