const quote = 0x22;
const backslash = 0x5c;
const depthChange: Readonly<Record<number, number>> = { 0x5b: 1, 0x7b: 1, 0x5d: -1, 0x7d: -1 };

/** How many lists and objects are inside each other at most in a text that is valid JSON. */
export function jsonDepth(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (inText && character === backslash) at += 1;
    else if (character === quote) inText = !inText;
    else if (!inText) depth += depthChange[character] ?? 0;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}
