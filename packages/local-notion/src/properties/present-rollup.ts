import { isEmpty } from "./plain.ts";
import { plainValue } from "./plain-value.ts";
import type { ValuePlace } from "./property-type.ts";
import { computeRollup, rollupConfig, rollupSources } from "./rollup.ts";

/** A rollup's value; one that shows its originals shows them as their own types do. */
export function presentRollup(
  place: ValuePlace,
  presentValue: (place: ValuePlace) => unknown,
): object {
  const name = rollupConfig(place.column).function;
  const computed = computeRollup(place, plainValue);
  if (computed.type !== "array") return { ...computed, function: name };
  const shown = rollupSources(place)
    .filter((source) => !isEmpty(plainValue(source)))
    .map((source) => ({ type: source.column.type, [source.column.type]: presentValue(source) }));
  return { type: "array", array: shown, function: name };
}
