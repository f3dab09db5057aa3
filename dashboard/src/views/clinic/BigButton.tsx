/** A button for unsure hands: large, and deaf for a moment so that one touch cannot answer two questions. */

import { useEffect, useRef } from "preact/hooks";
import { useDeaf } from "../../clinic/useDeaf";
import type { ComponentChildren } from "preact";

interface Props {
  children: ComponentChildren;
  onPress: () => void;
  kind?: "strong" | "plain" | "stop";
  disabled?: boolean;
  /** Takes the focus as soon as it listens. */
  focus?: boolean;
  pressed?: boolean;
}

export function BigButton({ children, onPress, kind = "plain", disabled = false, focus = false, pressed }: Props) {
  const deaf = useDeaf();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus && !deaf && !disabled) button.current?.focus({ preventScroll: true });
  }, [focus, deaf, disabled]);
  return (
    <button
      type="button"
      ref={button}
      class="big-button"
      data-kind={kind}
      data-deaf={deaf}
      disabled={deaf || disabled}
      aria-pressed={pressed}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
