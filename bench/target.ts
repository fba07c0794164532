/** A running server that the same calls are sent to. `base` ends with `/scim_v2`; `authorization` is the header's value. */
export type Target = {
  readonly name: string;
  readonly base: string;
  readonly authorization: string;
  readonly pid: number;
  stop(): Promise<void>;
};

/** Starts a target on an empty database of its own; its output goes below `logFolder`. */
export type StartTarget = (databaseUrl: string, logFolder: string) => Promise<Target>;
