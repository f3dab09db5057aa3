/** The frame of the patient's pages: one thing at a time, its heading read first, sound on or off, a way out. */

import { useEffect, useRef } from "preact/hooks";
import { switchSound, useSound } from "../../clinic/sound";
import type { Sound } from "../../clinic/sound";
import type { ComponentChildren } from "preact";

interface FrameProps {
  title: string;
  /** The way out; none while a test runs. */
  onLeave?: (() => void) | null;
  leaveWords?: string;
  /** Says where there is no voice; once is enough, before the test. */
  saysVoiceless?: boolean;
  children: ComponentChildren;
}

/** A held key repeats itself; one press is one answer. */
function ignoreRepeats(press: KeyboardEvent): void {
  if (press.repeat && (press.key === "Enter" || press.key === " ")) press.preventDefault();
}

export function Frame({ title, onLeave = null, leaveWords = "Leave", saysVoiceless = false, children }: FrameProps) {
  const sound = useSound();
  return (
    <div class="clinic" onKeyDown={ignoreRepeats}>
      <div class="clinic-bar">
        {onLeave !== null && (
          <button type="button" class="clinic-tool" onClick={onLeave}>
            {leaveWords}
          </button>
        )}
        <p class="clinic-title">{title}</p>
        <button type="button" class="clinic-tool" aria-pressed={sound.on} onClick={() => switchSound(!sound.on)}>
          {sound.on ? "Sound is on" : "Sound is off"}
        </button>
      </div>
      <SoundNote sound={sound} saysVoiceless={saysVoiceless} />
      {children}
    </div>
  );
}

function SoundNote({ sound, saysVoiceless }: { sound: Sound; saysVoiceless: boolean }) {
  if (!sound.on) return null;
  if (sound.voice === "none" && !saysVoiceless) return null;
  if (sound.voice === "none") {
    return (
      <p class="clinic-note" data-testid="no-voice">
        This browser has no English voice. Please read the words. A beep tells you when to go.
      </p>
    );
  }
  return sound.needsTouch ? <p class="clinic-note">Touch the screen once to hear the voice.</p> : null;
}

/** One thing to read or to answer; its heading takes the focus when it comes up. */
export function Screen({ title, children }: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <section class="clinic-screen">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </section>
  );
}
