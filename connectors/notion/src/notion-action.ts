import {
  type Action,
  defineAction,
  definePicker,
  defineShape,
  type Picker,
  type Shape,
} from "@tenon/connector";
import type * as z from "zod";
import { withClearErrors } from "./clear-errors.ts";

/** Declares an action of Notion: as `defineAction`, with errors in the user's words. */
export function notionAction<Input extends z.ZodObject, Output extends z.ZodType>(
  action: Action<Input, Output>,
): Action<Input, Output> {
  return defineAction({
    ...action,
    run: (context) =>
      action.run({
        input: context.input,
        signal: context.signal,
        idempotencyKey: context.idempotencyKey,
        client: withClearErrors(context.client),
        once: (name, part, check) => context.once(name, part, check),
        download: (url) => context.download(url),
      }),
  });
}

/** Declares a picker over Notion: as `definePicker`, with errors in the user's words. */
export function notionPicker(picker: Picker): Picker {
  return definePicker({
    ...picker,
    load: (ask) => picker.load({ ...ask, client: withClearErrors(ask.client) }),
  });
}

/** Declares a shape of Notion: as `defineShape`, with errors in the user's words. */
export function notionShape(shape: Shape): Shape {
  return defineShape({
    ...shape,
    read: (ask) => shape.read({ ...ask, client: withClearErrors(ask.client) }),
  });
}
