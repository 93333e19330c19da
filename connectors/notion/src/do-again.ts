/**
 * The check of a part that may be done twice: a read, or a write whose repeat has the effect of the
 * first time.
 */
export const doAgain = async (): Promise<undefined> => undefined;
