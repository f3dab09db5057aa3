/** Reaching somebody who does not look at the page: a notification, vibration, the title of the window. */

export type Allowed = "yes" | "no" | "ask" | "never";

export function notificationsAllowed(): Allowed {
  if (!("Notification" in window)) return "never";
  return { granted: "yes", denied: "no", default: "ask" }[Notification.permission] as Allowed;
}

export async function askForNotifications(): Promise<Allowed> {
  if (notificationsAllowed() === "ask") await Notification.requestPermission();
  return notificationsAllowed();
}

let shown: Notification | null = null;

/** One at a time; a touch on it brings the page to the front. Browsers on iPhones and some phones refuse pages this. */
export function notify(title: string, body: string): void {
  if (document.visibilityState === "visible" || notificationsAllowed() !== "yes") return;
  shown?.close();
  try {
    shown = new Notification(title, { body, requireInteraction: true, tag: "surefoot-alarm" });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // Android's Chrome has them for service workers only
    return;
  }
  shown.onclick = () => {
    window.focus();
    shown?.close();
  };
}

export function unnotify(): void {
  shown?.close();
  shown = null;
}

export function vibrate(): void {
  if ("vibrate" in navigator) navigator.vibrate([400, 200, 400, 200, 800]);
}
