/** The WebSocket to the server: opened, watched, given up when silent, and opened again from the last event. */

import { startingPoint } from "./history";
import { GIVE_UP_AFTER_MS, LOOK_EVERY_MS, reconnectWait_ms } from "./freshness";
import type { LiveStore } from "./store";

const CLOSE_NOT_LOGGED_IN = 4401;

export class LiveConnection {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private openedAt_ms = 0;
  private readonly store: LiveStore;
  private readonly onLoginNeeded: () => void;

  constructor(store: LiveStore, onLoginNeeded: () => void) {
    this.store = store;
    this.onLoginNeeded = onLoginNeeded;
  }

  start(): void {
    if (this.watch !== undefined) return;
    this.watch = setInterval(this.look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", this.look);
    window.addEventListener("online", this.hurry);
    void this.begin();
  }

  stop(): void {
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.watch = undefined;
    document.removeEventListener("visibilitychange", this.look);
    window.removeEventListener("online", this.hurry);
    this.drop();
  }

  /** Connects now instead of waiting for the next attempt. */
  readonly hurry = (): void => {
    if (this.watch === undefined || this.socket?.readyState === WebSocket.OPEN) return;
    clearTimeout(this.retry);
    this.drop();
    void this.begin();
  };

  private readonly look = (): void => {
    const now_ms = performance.now();
    this.store.look(now_ms);
    const heard_ms = Math.max(this.store.lastHeard_ms ?? 0, this.openedAt_ms);
    if (this.socket && now_ms - heard_ms > GIVE_UP_AFTER_MS) {
      this.drop();
      this.later();
    }
  };

  /** Goes on after the last event seen; a page that has seen none asks where to begin. */
  private async begin(): Promise<void> {
    const last = this.store.sequence.last;
    if (last !== null) {
      this.open(last);
      return;
    }
    const start = await startingPoint();
    if (this.watch === undefined || this.socket) return;
    if (start === "login") this.onLoginNeeded();
    else if (start === null) this.later();
    else this.open(start.after);
  }

  private open(after: number): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/live?after=${after}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.openedAt_ms = performance.now();
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== this.socket) return;
      this.attempt = 0;
      const now_ms = performance.now();
      if (typeof message.data === "string") this.store.takeText(message.data, now_ms);
      else this.store.takeBinary(new Uint8Array(message.data), now_ms);
    };
    socket.onclose = (close) => {
      if (socket !== this.socket) return;
      this.socket = null;
      if (close.code === CLOSE_NOT_LOGGED_IN) this.onLoginNeeded();
      else this.later();
    };
  }

  private later(): void {
    if (this.watch === undefined) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.begin(), reconnectWait_ms(this.attempt++, Math.random()));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
