import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cardColors, contrastRatio, deriveAccentShades } from "./accent-shades.ts";

test("every shade of any colour stands out as WCAG 2.2 AA asks", () => {
  const faults: string[] = [];
  for (const color of colorCube()) {
    const shades = deriveAccentShades(color);
    if (!shades) throw new Error(`${color} was not read`);
    const rules: [shade: string, ground: string, ratio: number][] = [
      [shades.onFill, shades.fill, 4.5],
      [shades.textOnLight, cardColors.light, 4.5],
      [shades.textOnDark, cardColors.dark, 4.5],
      [shades.edgeOnLight, cardColors.light, 3],
      [shades.edgeOnDark, cardColors.dark, 3],
    ];
    for (const [shade, ground, ratio] of rules) {
      if (contrastRatio(shade, ground) < ratio) faults.push(`${color}: ${shade} on ${ground}`);
    }
  }
  expect(faults).toEqual([]);
});

test("a colour that stands out already stays as it is", () => {
  expect(deriveAccentShades("#4f46e5")).toMatchObject({
    fill: "#4f46e5",
    onFill: "#ffffff",
    textOnLight: "#4f46e5",
    edgeOnLight: "#4f46e5",
  });
});

test("anything but #rrggbb is no colour", () => {
  for (const text of ["", "red", "#fff", "#12345g", "url(x)"]) {
    expect(deriveAccentShades(text)).toBeUndefined();
  }
});

test("the card's colours are those of the style sheet", () => {
  const css = readFileSync(`${import.meta.dirname}/../styles/base.css`, "utf8");
  expect([...css.matchAll(/--card: (#\w+);/g)].map(([, color]) => color)).toEqual([
    cardColors.light,
    cardColors.dark,
  ]);
});

function* colorCube(): Generator<string> {
  const steps = Array.from({ length: 16 }, (_, index) =>
    (index * 17).toString(16).padStart(2, "0"),
  );
  for (const red of steps) {
    for (const green of steps) {
      for (const blue of steps) yield `#${red}${green}${blue}`;
    }
  }
}
