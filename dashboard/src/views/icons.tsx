/** The few drawn signs of the pages; always beside words, so hidden from screen readers. */

import type { ComponentChildren } from "preact";

function Icon({ children, fill = false }: { children: ComponentChildren; fill?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" data-fill={fill}>
      {children}
    </svg>
  );
}

export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="9" />
    <path d="M5 19.5h5l2.6-9 4 14 3.2-9.5 1.7 4.5H27" />
  </svg>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z" />
  </Icon>
);

export const AutoIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon fill>
    <path d="M8 5.5v13l11-6.5Z" />
  </Icon>
);

export const PauseIcon = () => (
  <Icon fill>
    <path d="M7 5h3.6v14H7ZM13.4 5H17v14h-3.6Z" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M15 5l-7 7 7 7" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon>
    <path d="M9 5l7 7-7 7" />
  </Icon>
);

export const AlertIcon = () => (
  <Icon>
    <path d="M12 4 2.8 20h18.4Z" />
    <path d="M12 10v4.5M12 17.2v.1" />
  </Icon>
);

export const ExpandIcon = () => (
  <Icon>
    <path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M12 4v11M7 11l5 5 5-5M5 20h14" />
  </Icon>
);

export function BatteryIcon({ percent }: { percent: number | null }) {
  const width = percent === null ? 0 : Math.max(1, Math.round(percent * 0.13));
  return (
    <Icon>
      <rect x="3" y="8" width="16" height="9" rx="2" />
      <path d="M21.5 11v3" />
      <rect x="4.5" y="9.5" width={width} height="6" rx="0.8" fill="currentColor" stroke="none" />
    </Icon>
  );
}

export function SignalIcon({ bars }: { bars: number }) {
  return (
    <Icon>
      {[1, 2, 3, 4].map((bar) => (
        <path key={bar} d={`M${2 + bar * 4} 19v${-2 - bar * 3}`} class={bar <= bars ? "bar" : "bar bar-off"} />
      ))}
    </Icon>
  );
}
