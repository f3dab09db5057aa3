/** The colours of charts, read from the style sheet so that light and dark come from one place. */

export interface Palette {
  channels: readonly [string, string, string];
  step: string;
  bout: string;
  gap: string;
  turn: string;
  turnBand: string;
  pitch: string;
  yaw: string;
  phase: string;
  grid: string;
  text: string;
  ink: string;
  accent: string;
  font: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    channels: [value("--chart-up"), value("--chart-side"), value("--chart-forward")],
    step: value("--chart-step"),
    bout: value("--chart-bout"),
    gap: value("--chart-gap"),
    turn: value("--chart-turn"),
    turnBand: value("--chart-turn-band"),
    pitch: value("--chart-pitch"),
    yaw: value("--chart-yaw"),
    phase: value("--chart-phase"),
    grid: value("--chart-grid"),
    text: value("--muted"),
    ink: value("--ink"),
    accent: value("--accent"),
    font: `12px ${value("--font")}`,
  };
}
