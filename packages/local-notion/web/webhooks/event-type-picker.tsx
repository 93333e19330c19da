import { useEffect, useRef } from "react";
import type { EventType } from "../../src/webhooks/event.ts";
import type { EventGroup } from "./event-groups.ts";

interface EventTypePickerProps {
  groups: readonly EventGroup[];
  chosen: ReadonlySet<EventType>;
  /** Id of the text that says what is wrong with the choice. */
  problemId: string | undefined;
  onChange(chosen: ReadonlySet<EventType>): void;
}

/** Event types to tick one by one, by group, or all at once. */
export function EventTypePicker({ groups, chosen, problemId, onChange }: EventTypePickerProps) {
  const set = (types: readonly EventType[], isWanted: boolean) => {
    const others = [...chosen].filter((type) => !types.includes(type));
    onChange(new Set(isWanted ? [...others, ...types] : others));
  };
  const all = groups.flatMap(({ types }) => types);
  return (
    <fieldset className="event-types" aria-describedby={problemId}>
      <legend className="field-label">Event types</legend>
      <GroupBox label="All event types" types={all} chosen={chosen} onSet={set} />
      {groups.map(({ title, types }) => (
        <fieldset key={title} className="event-group">
          <legend className="visually-hidden">{title}</legend>
          <GroupBox label={title} types={types} chosen={chosen} onSet={set} />
          <div className="event-group-types">
            {types.map((type) => (
              <label key={type} className="check">
                <input
                  type="checkbox"
                  checked={chosen.has(type)}
                  onChange={(event) => set([type], event.target.checked)}
                />
                <code>{type}</code>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </fieldset>
  );
}

interface GroupBoxProps {
  label: string;
  types: readonly EventType[];
  chosen: ReadonlySet<EventType>;
  onSet(types: readonly EventType[], isWanted: boolean): void;
}

/** Stands for several boxes: ticked when all are, half ticked when some are. */
function GroupBox({ label, types, chosen, onSet }: GroupBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const count = types.filter((type) => chosen.has(type)).length;
  const isPartial = count > 0 && count < types.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = isPartial;
  }, [isPartial]);
  return (
    <label className="check is-group">
      <input
        ref={box}
        type="checkbox"
        checked={count === types.length}
        onChange={(event) => onSet(types, event.target.checked)}
      />
      {label}
    </label>
  );
}
