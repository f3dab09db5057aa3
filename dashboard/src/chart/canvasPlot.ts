/** What drawings on a canvas of their own have in common: size, colours, and whether anything has to be drawn again. */

import { readPalette } from "./palette";
import type { Palette } from "./palette";
import type { Plot } from "./usePlot";

export abstract class CanvasPlot implements Plot {
  protected readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  protected readonly ctx = this.canvas.getContext("2d") as CanvasRenderingContext2D;
  protected palette: Palette;
  /** Size or colours changed: what is on the canvas is void. */
  protected outdated = true;
  private readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
    this.palette = readPalette(root);
    root.append(this.canvas);
    this.resize(root.clientWidth, root.clientHeight);
  }

  abstract draw(now_ms: number): void;

  resize(width: number, height: number): void {
    const wide = Math.round(width * devicePixelRatio);
    const high = Math.round(height * devicePixelRatio);
    if (wide === this.canvas.width && high === this.canvas.height) return;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.outdated = true;
  }

  recolour(): void {
    this.palette = readPalette(this.root);
    this.outdated = true;
  }

  destroy(): void {
    this.canvas.remove();
  }

  /** The palette's font in this many pixels of the page. */
  protected font(px: number): string {
    return this.palette.font.replace(/^\d+/, String(px * devicePixelRatio));
  }
}
