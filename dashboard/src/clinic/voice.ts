/** The browser's own voice: one thing at a time, the newest first. */

export type VoiceState = "unknown" | "ready" | "none";

/** Browsers fetch their voices after the page has begun. */
const VOICES_WITHIN_MS = 2500;
/** A little slower than usual: for tired people, over the noise of a room. */
const RATE = 0.9;
/** Errors that only say that something newer was to be said. */
const REPLACED: ReadonlySet<string> = new Set(["canceled", "interrupted"]);

export class Voice {
  state: VoiceState = "unknown";
  private readonly synthesis: SpeechSynthesis | null;
  private readonly onChange: () => void;

  constructor(synthesis: SpeechSynthesis | null, onChange: () => void) {
    this.synthesis = synthesis;
    this.onChange = onChange;
    if (synthesis === null) {
      this.state = "none";
      return;
    }
    this.look();
    synthesis.addEventListener("voiceschanged", () => this.look());
    setTimeout(() => this.state === "unknown" && this.become("none"), VOICES_WITHIN_MS);
  }

  /** Says this now, instead of whatever is being said; or after it. */
  say(words: string, when: "now" | "next"): void {
    if (this.synthesis === null || words === "" || this.state === "none") return;
    if (when === "now") this.hush();
    const utterance = new SpeechSynthesisUtterance(words);
    const voice = this.english();
    utterance.lang = voice?.lang ?? "en-GB";
    if (voice) utterance.voice = voice;
    utterance.rate = RATE;
    utterance.onerror = ({ error }) => {
      if (!REPLACED.has(error) && error !== "not-allowed") this.become("none");
    };
    this.synthesis.speak(utterance);
  }

  hush(): void {
    if (this.synthesis?.speaking || this.synthesis?.pending) this.synthesis.cancel();
  }

  private look(): void {
    if (this.english()) this.become("ready");
  }

  /** An English voice, one of this device before one that needs the network. */
  private english(): SpeechSynthesisVoice | undefined {
    const voices = this.synthesis?.getVoices().filter((it) => it.lang.toLowerCase().startsWith("en")) ?? [];
    return voices.find((it) => it.localService) ?? voices[0];
  }

  private become(state: VoiceState): void {
    if (this.state === state) return;
    this.state = state;
    this.onChange();
  }
}
