/** Colours derived from a customer's accent colour, legible on the portal's own backgrounds. */
export interface AccentShades {
  /** The customer's colour as it is, and black or white, whichever reads better on it. */
  fill: string;
  onFill: string;
  /** Where a pressed or hovered fill moves to: away from its text, so that contrast only grows. */
  fillShift: string;
  /** As text: at least 4.5 : 1 against the card. */
  textOnLight: string;
  textOnDark: string;
  /** As ring, underline or edge: at least 3 : 1 against the card. */
  edgeOnLight: string;
  edgeOnDark: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** The card's backgrounds: `--card` in styles/base.css. */
export const cardColors = { light: "#ffffff", dark: "#18191d" } as const;

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** Undefined where the colour is not written `#rrggbb`. */
export function deriveAccentShades(hex: string): AccentShades | undefined {
  const accent = parseHex(hex);
  if (!accent) return undefined;
  const isDark = contrast(accent, white) >= contrast(accent, black);
  const light = { card: parseHex(cardColors.light) ?? white, towards: black };
  const dark = { card: parseHex(cardColors.dark) ?? black, towards: white };
  return {
    fill: toHex(accent),
    onFill: toHex(isDark ? white : black),
    fillShift: toHex(isDark ? black : white),
    textOnLight: toHex(mend(accent, light, 4.5)),
    textOnDark: toHex(mend(accent, dark, 4.5)),
    edgeOnLight: toHex(mend(accent, light, 3)),
    edgeOnDark: toHex(mend(accent, dark, 3)),
  };
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours. */
export function contrastRatio(one: string, other: string): number {
  return contrast(parseHex(one) ?? black, parseHex(other) ?? black);
}

/** Moves a colour away from the card in small steps until it stands out enough. */
function mend(color: Rgb, on: { card: Rgb; towards: Rgb }, ratio: number): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mix(color, on.towards, share);
    if (contrast(mixed, on.card) >= ratio) return mixed;
  }
  return on.towards;
}

function mix(color: Rgb, other: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) =>
    Math.round(color[index] * (1 - share) + other[index] * share);
  return [channel(0), channel(1), channel(2)];
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return ((lighter ?? 1) + 0.05) / ((darker ?? 0) + 0.05);
}

/** Relative luminance, WCAG 2.2. */
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function parseHex(hex: string): Rgb | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return undefined;
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

function toHex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
