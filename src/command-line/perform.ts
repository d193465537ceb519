/** A command's work: resolves to the exit code. Loaded on use, so that `--version` does not wait for everything. */
export type Work = () => Promise<number>;

/** Does the work of the command that was called. */
export type Perform = (work: Work) => Promise<void>;
