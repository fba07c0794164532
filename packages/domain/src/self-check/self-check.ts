/** The identity providers whose calls the checks can play. */
export const selfCheckProviders = ["okta", "entra"] as const;
export type SelfCheckProvider = (typeof selfCheckProviders)[number];

/** `noted`: nothing is broken, but an owner should know it. */
export const selfCheckOutcomes = ["passed", "noted", "failed"] as const;
export type SelfCheckOutcome = (typeof selfCheckOutcomes)[number];

/** One call and its answer, as the transcript keeps it: bodies as indented JSON, cut where long, without secrets. */
export type SelfCheckExchange = {
  readonly method: string;
  /** Behind the SCIM base URL. */
  readonly path: string;
  readonly requestBody: string | null;
  /** 0 where no answer came. */
  readonly status: number;
  readonly responseBody: string | null;
  readonly durationMs: number;
};

export type SelfCheckStep = {
  /** What the step belongs to, such as "Set-up" or "Okta, SAML wizard app". */
  readonly part: string;
  readonly name: string;
  readonly outcome: SelfCheckOutcome;
  /** What happened, or what was wrong with the answer. */
  readonly detail: string;
  /** What it means for the organization; null where it went as it should. */
  readonly meaning: string | null;
  readonly durationMs: number;
  readonly exchanges: readonly SelfCheckExchange[];
};

/** `interrupted`: the process that played it is gone. */
export type SelfCheckState = "running" | "passed" | "failed" | "interrupted";

/** Nothing of a run lasts longer; the process that plays it ends it sooner by itself. */
export const selfCheckOverAfterMs = 2 * 60_000;

/** How a run stands: an ended one without a step that failed, and without a problem of its own, has passed. */
export function selfCheckState(
  run: { readonly startedAt: Date; readonly endedAt: Date | null; readonly problem: string | null },
  outcomes: readonly SelfCheckOutcome[],
  now: Date,
): SelfCheckState {
  if (run.endedAt === null) {
    return now.getTime() - run.startedAt.getTime() > selfCheckOverAfterMs ? "interrupted" : "running";
  }
  if (run.problem !== null) return "interrupted";
  return outcomes.includes("failed") ? "failed" : "passed";
}

/** What a failed step means, told by the last answer in it. Undefined: no call was made in the step. */
export function meaningOfFailure(last: SelfCheckExchange | undefined): string {
  const status = last?.status ?? 0;
  if (status === 0) return "No answer came. The provider would show a connection error and try again later.";
  if (status === 401) return "The token was not accepted. The provider would refuse to save the connection.";
  if (status === 403) {
    return "The organization’s settings keep the provider out. Look at the set-up above; until then nobody is added or removed.";
  }
  if (status === 409) {
    return "What the provider sends collides with somebody or something that is here. It would show an error for this person or group.";
  }
  if (status === 429)
    return "Mass-removal protection held this. The provider would wait; decide under Settings > Provisioning.";
  if (status >= 500) return "This is a fault of Rollcall. Send the transcript to whoever runs it.";
  if (status >= 400)
    return "The provider would show an error for this person or group and try it again in its next round.";
  return "The answers are no errors, but they do not show what was asked for. Send the transcript to whoever runs Rollcall.";
}
