/** The identity providers whose requests the checks can simulate. */
export const selfCheckProviders = ["okta", "entra"] as const;
export type SelfCheckProvider = (typeof selfCheckProviders)[number];

/** `noted`: nothing is broken, but an owner should know it. */
export const selfCheckOutcomes = ["passed", "noted", "failed"] as const;
export type SelfCheckOutcome = (typeof selfCheckOutcomes)[number];

/** One request and its response, as the transcript keeps it: bodies as indented JSON, shortened, without secrets. */
export type SelfCheckExchange = {
  readonly method: string;
  /** Relative to the SCIM base URL. */
  readonly path: string;
  readonly requestBody: string | null;
  /** 0 if there was no response. */
  readonly status: number;
  readonly responseBody: string | null;
  readonly durationMs: number;
};

export type SelfCheckStep = {
  /** The group of the step, such as "Setup" or "Okta, SAML wizard app". */
  readonly part: string;
  readonly name: string;
  readonly outcome: SelfCheckOutcome;
  /** What happened, or what was wrong with the response. */
  readonly detail: string;
  /** The consequence for the organization; null if the step passed. */
  readonly meaning: string | null;
  readonly durationMs: number;
  readonly exchanges: readonly SelfCheckExchange[];
};

/** `interrupted`: the process that ran it has ended. */
export type SelfCheckState = "running" | "passed" | "failed" | "interrupted";

/** The longest run; the process that runs it ends it earlier itself. */
export const selfCheckOverAfterMs = 2 * 60_000;

/** The status of a run: one that ended without a failed step and without a problem of its own has passed. */
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

/** The consequence of a failed step, from its last response. Undefined: the step sent no request. */
export function meaningOfFailure(last: SelfCheckExchange | undefined): string {
  const status = last?.status ?? 0;
  if (status === 0) return "There was no response. The provider would show a connection error and try again later.";
  if (status === 401) return "The token was not accepted. The provider would refuse to save the connection.";
  if (status === 403) {
    return "The organization’s settings refuse the provider. Check the setup above; until then no one is added or removed.";
  }
  if (status === 409) {
    return "The request conflicts with an existing member or role. The provider would show an error for this person or group.";
  }
  if (status === 429) return "Mass-removal protection held this. The provider would wait; decide under Provisioning.";
  if (status >= 500) return "This is an error in Rollcall. Send the transcript to its operator.";
  if (status >= 400)
    return "The provider would show an error for this person or group and try it again in its next cycle.";
  return "The responses are not errors, but they do not contain what was requested. Send the transcript to the operator of Rollcall.";
}
