/** Everything that the live page knows, fed by the connection and read by the views. */

import { LiveAlerts } from "./alerts";
import { freshness } from "./freshness";
import { LiveNotices } from "./notices";
import { EventSequence } from "./sequence";
import { LiveStream } from "./stream";
import { LiveTests } from "./tests";
import { sensorNews } from "../words";
import { FrameError, decodeFrame } from "../wire/frame";
import { readMessage } from "../wire/message";
import type { Freshness } from "./freshness";
import type { Alert } from "../wire/alerts";
import type { TestRun } from "../wire/tests";
import type { Message, Stream } from "../wire/types";

type Hello = Extract<Message, { type: "hello" }>;

/** Views are told at most this often about new numbers; changes of state at once. */
const TELL_EVERY_MS = 200;

export class LiveStore {
  readonly streams = new Map<string, LiveStream>();
  readonly tests = new LiveTests();
  readonly alerts = new LiveAlerts();
  readonly notices = new LiveNotices();
  readonly sequence = new EventSequence();
  freshness: Freshness = "waiting";
  lastHeard_ms: number | null = null;
  greeted = false;
  serverVersion = "";
  badFrames = 0;
  reconnections = 0;
  /** A sentence for the screen reader; changes only when something needs saying. */
  announcement = "";
  private readonly opened_ms: number;
  private readonly byNumber = new Map<number, LiveStream>();
  private readonly listeners = new Set<() => void>();
  private telling = false;

  private readonly onNewStream: (live: LiveStream) => void;

  constructor(now_ms: number, onNewStream: (live: LiveStream) => void) {
    this.opened_ms = now_ms;
    this.onNewStream = onNewStream;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A text frame came. */
  takeText(json: string, now_ms: number): void {
    this.heard(now_ms);
    const message = readMessage(json);
    if (message) this.take(message, now_ms);
  }

  /** A binary frame came. */
  takeBinary(bytes: Uint8Array, now_ms: number): void {
    this.heard(now_ms);
    try {
      const frame = decodeFrame(bytes);
      this.byNumber.get(frame.streamNo)?.push(frame, now_ms);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.badFrames++;
    }
  }

  /** Looks at the clock; called a few times a second. */
  look(now_ms: number): void {
    const before = this.freshness;
    this.freshness = freshness(now_ms, this.lastHeard_ms, this.opened_ms);
    if (this.freshness !== before) {
      if (this.freshness === "stale") this.announcement = "No connection to Surefoot. The numbers shown are old.";
      else if (before === "stale") this.announcement = "Connected again.";
      this.tellNow();
    } else if (this.freshness === "stale") {
      this.tell();
    }
  }

  dismiss(sessionId: string): void {
    const live = this.streams.get(sessionId);
    if (!live || live.ended === null) return;
    this.streams.delete(sessionId);
    this.tellNow();
  }

  /** A test as the server tells it, over the live connection or as the answer to a request. */
  takeTest(test: TestRun, now_ms: number): void {
    if (this.tests.take(test, now_ms)) this.tellNow();
    else this.tell();
  }

  /** An alert as the server tells it, over the live connection or as the answer to a request. */
  takeAlert(alert: Alert, now_ms: number): void {
    if (this.alerts.take(alert, now_ms)) this.tellNow();
    else this.tell();
  }

  private heard(now_ms: number): void {
    this.lastHeard_ms = now_ms;
    if (this.freshness !== "fresh") this.look(now_ms);
  }

  private take(message: Message, now_ms: number): void {
    switch (message.type) {
      case "hello":
        this.greet(message, now_ms);
        this.serverVersion = message.version;
        this.tellNow();
        break;
      case "stream":
        this.takeStream(message.stream, now_ms);
        break;
      case "event":
        if (this.sequence.accept(message.seq)) {
          this.streams.get(message.session_id)?.take(message, now_ms);
          this.tell();
        }
        break;
      case "test":
        this.takeTest(message.test, now_ms);
        break;
      case "alert":
        this.takeAlert(message.alert, now_ms);
        break;
      case "notice":
        if (this.notices.take(message.notice)) this.announcement = `${message.notice.text} ${message.notice.what_to_do}`;
        this.tellNow();
        break;
      case "gone": {
        const live = this.streams.get(message.session_id);
        if (live) live.ended = message.reason || "The session has ended.";
        this.byNumber.delete(message.stream_no);
        this.tellNow();
        break;
      }
      case "beat":
        break;
    }
  }

  private greet({ store_id, last_seq, resumed_from, streams, tests, alerts, notices }: Hello, now_ms: number): void {
    if (this.greeted) this.reconnections++;
    this.greeted = true;
    if (!this.sequence.greet(store_id, last_seq, resumed_from)) {
      this.streams.clear();
      this.tests.clear();
    }
    this.byNumber.clear();
    const present = new Set(streams.map((stream) => stream.session_id));
    for (const [id, live] of this.streams) {
      if (!present.has(id)) live.ended ??= "The session ended while this page was not connected.";
    }
    for (const stream of streams) this.takeStream(stream, now_ms);
    for (const live of this.streams.values()) live.reconnected();
    this.notices.greet(notices);
    for (const test of tests) this.tests.take(test, now_ms);
    this.alerts.greet(alerts, now_ms);
  }

  private takeStream(stream: Stream, now_ms: number): void {
    const known = this.streams.get(stream.session_id);
    const before = known?.stream.state;
    const live = known ?? new LiveStream(stream, now_ms);
    live.update(stream, now_ms);
    this.streams.set(stream.session_id, live);
    this.byNumber.set(stream.stream_no, live);
    if (!known) this.onNewStream(live);
    if (before !== undefined && before !== stream.state) {
      const news = sensorNews(stream, before);
      if (news) this.announcement = news;
      this.tellNow();
    } else {
      this.tell();
    }
  }

  private tell(): void {
    if (this.telling) return;
    this.telling = true;
    setTimeout(() => {
      this.telling = false;
      this.tellNow();
    }, TELL_EVERY_MS);
  }

  private tellNow(): void {
    for (const listener of this.listeners) listener();
  }
}
