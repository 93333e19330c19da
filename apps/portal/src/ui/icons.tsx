import type { ReactNode } from "react";

/** Drawn on a 20 × 20 grid with 1.6 wide round strokes; decoration, never the only sign. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const CloseIcon = () => (
  <Icon>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon>
    <path d="m6 6 8 8m0-8-8 8" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M10 3.2 17.4 16H2.6zM10 8.4v3.2m0 2.2v.1" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <path d="M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4.5v11M4.5 10h11" />
  </Icon>
);
