import type { CSSProperties } from "react";
import { deriveAccentShades } from "../accent/accent-shades.ts";

declare module "react" {
  interface CSSProperties {
    [variable: `--${string}`]: string | undefined;
  }
}

/** The accent colour as CSS variables; none where the customer chose none: styles/base.css has defaults. */
export function toAccentStyle(accentColor: string | undefined): CSSProperties {
  const shades = deriveAccentShades(accentColor ?? "");
  return shades
    ? {
        "--accent-fill": shades.fill,
        "--accent-on-fill": shades.onFill,
        "--accent-shift": shades.fillShift,
        "--accent-text-on-light": shades.textOnLight,
        "--accent-text-on-dark": shades.textOnDark,
        "--accent-edge-on-light": shades.edgeOnLight,
        "--accent-edge-on-dark": shades.edgeOnDark,
      }
    : {};
}
