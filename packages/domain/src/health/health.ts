import { noticeDays, tokenStatus, type TokenLife } from "../scim-token.ts";

/** In the order in which an owner must hear of them: the first that applies is the state. */
export const healthStates = ["off", "noToken", "stopped", "refused", "waiting", "failing", "quiet", "healthy"] as const;
/** Where the next step is taken; the console has a link for each. */
export const healthPlaces = ["provisioning", "guide", "tokens", "guard", "calls", "failedCalls"] as const;
type Place = (typeof healthPlaces)[number];

export type HealthFacts = {
  readonly isEnabled: boolean;
  readonly enabledAt: Date | null;
  /** When provisioning was turned off last; null where it never was. */
  readonly disabledAt: Date | null;
  readonly tokens: readonly HealthToken[];
  readonly guard: {
    /** Since when the guard holds; null where it does not. */
    readonly latchedAt: Date | null;
    /** Changes that wait for an owner's decision. */
    readonly held: number;
    readonly limit: number;
  };
  /** The newest calls of known tokens, the newest first. */
  readonly calls: readonly HealthCall[];
  /** The newest that only began like a known token: anybody can make them who knows its public part. */
  readonly strangers: readonly HealthCall[];
};
type HealthToken = TokenLife & {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
};
type HealthCall = {
  readonly at: Date;
  readonly tokenId: string;
  readonly method: string;
  readonly status: number;
  readonly detail: string | null;
};

export type Health = {
  readonly state: (typeof healthStates)[number];
  /** Why, in one or two sentences. */
  readonly cause: string;
  /** Since when; for `quiet` the last call, for `healthy` the first call of the unbroken run that is known. */
  readonly since: Date | null;
  readonly next: { readonly words: string; readonly place: Place };
};

/** A provider calls only on changes, so that only a long silence is worth a word. */
export const quietAfterDays = 7;
const dayMs = 86_400_000;
/** So many of the newest calls say whether something is wrong now. */
const judgedCalls = 20;
const failuresMin = 3;
/** While the provider has been heard within that time, a stranger at the door is no state of its provisioning. */
const strangersAfterMs = 3_600_000;

/** How provisioning does: one state, why, since when, and what an owner may do about it. */
export function judgeHealth(facts: HealthFacts, now: Date): Health {
  if (!facts.isEnabled) return off(facts);
  const enabledAt = facts.enabledAt ?? new Date(0);
  // What was called while provisioning was off is over.
  const isNow = ({ at }: HealthCall): boolean => at >= enabledAt;
  const [calls, strangers] = [facts.calls.filter(isNow), facts.strangers.filter(isNow)];
  const active = facts.tokens.filter((token) => tokenStatus(token, now) === "ACTIVE");
  if (active.length === 0) return noToken(facts);
  return (
    stopped(facts) ??
    refused(facts, atTheDoor(calls, strangers), now) ??
    waiting(facts, active) ??
    heard(calls, active, now)
  );
}

function off({ disabledAt }: HealthFacts): Health {
  const cause =
    disabledAt === null
      ? "Provisioning has never been turned on. People are added and removed by hand."
      : "Provisioning is turned off. Your identity provider is refused, and people are managed by hand.";
  const next =
    disabledAt === null
      ? ({ words: "Set up provisioning", place: "guide" } as const)
      : ({ words: "Turn provisioning on", place: "provisioning" } as const);
  return { state: "off", cause, since: disabledAt, next };
}

function noToken({ tokens, enabledAt }: HealthFacts): Health {
  const ends = tokens.map(({ expiresAt, revokedAt }) => earliest(expiresAt, revokedAt));
  const cause =
    ends.length === 0
      ? "No SCIM token has been issued, so your identity provider cannot sign in."
      : "No SCIM token works any more: every one has expired or was revoked. Your identity provider is refused.";
  return {
    state: "noToken",
    cause,
    since: latest(ends) ?? enabledAt,
    next: { words: "Issue a token", place: "tokens" },
  };
}

function stopped({ guard: { latchedAt, held, limit } }: HealthFacts): Health | undefined {
  if (latchedAt === null) return undefined;
  const waiting =
    held === 0
      ? "Everything held so far is decided."
      : `${held} ${held === 1 ? "removal waits" : "removals wait"} for your decision.`;
  const cause = `Mass-removal protection holds all removals by your identity provider: more than ${limit} people would have lost access or a role within 15 minutes. ${waiting}`;
  return {
    state: "stopped",
    cause,
    since: latchedAt,
    next: { words: "Review held removals", place: "guard" },
  };
}

/** The calls of strangers where they are all that has been heard lately: then it may be the provider with a wrong secret. */
function atTheDoor(calls: readonly HealthCall[], strangers: readonly HealthCall[]): readonly HealthCall[] {
  const [[heard], [stranger]] = [calls, strangers];
  if (stranger === undefined) return calls;
  if (heard === undefined) return strangers;
  if (stranger.at.getTime() - heard.at.getTime() <= strangersAfterMs) return calls;
  return strangers.filter(({ at }) => at > heard.at);
}

/** The newest call was turned away at the door: whoever calls holds a token that has ended, or not the whole of one. */
function refused({ tokens }: HealthFacts, calls: readonly HealthCall[], now: Date): Health | undefined {
  const [newest] = calls;
  if (newest === undefined || newest.status !== 401) return undefined;
  const run = leading(calls, ({ status }) => status === 401);
  return {
    state: "refused",
    cause: refusalCause(
      tokens.find(({ id }) => id === newest.tokenId),
      now,
    ),
    since: run.at(-1)?.at ?? newest.at,
    next: { words: "Get a token that works", place: "tokens" },
  };
}

function refusalCause(token: HealthToken | undefined, now: Date): string {
  const whatFollows = "Nobody is added, changed or deactivated until it has one that works.";
  if (token === undefined)
    return `Your identity provider is refused: it signs in with a token that has ended. ${whatFollows}`;
  const status = tokenStatus(token, now);
  if (status === "ACTIVE") {
    return `The newest calls begin like the token ${token.name} and go on with a wrong secret. If it is your identity provider, give it the whole token again; if not, somebody else is trying to get in.`;
  }
  const end = status === "EXPIRED" ? "has expired" : "was revoked";
  return `Your identity provider is refused: it signs in with the token ${token.name}, which ${end}. ${whatFollows}`;
}

/** Tokens that work are there, and none of them has been used. */
function waiting({ tokens, enabledAt }: HealthFacts, active: readonly HealthToken[]): Health | undefined {
  if (active.some(({ lastUsedAt }) => lastUsedAt !== null)) return undefined;
  const issuedAt = latest(active.map(({ createdAt }) => createdAt));
  const since = latest([issuedAt, enabledAt].filter((date) => date !== null));
  const wasHeard = tokens.some(
    ({ lastUsedAt }) => lastUsedAt !== null && (enabledAt === null || lastUsedAt >= enabledAt),
  );
  const cause = wasHeard
    ? "The former token has ended, and your identity provider has not used the new one yet."
    : "Everything is ready here. Your identity provider has not made its first call yet.";
  const next = wasHeard
    ? ({ words: "See the tokens", place: "tokens" } as const)
    : ({ words: "Connect your identity provider", place: "guide" } as const);
  return { state: "waiting", cause, since, next };
}

function heard(calls: readonly HealthCall[], active: readonly HealthToken[], now: Date): Health {
  const used = active.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  const lastAt = latest([...used, ...calls.slice(0, 1).map(({ at }) => at)]) ?? now;
  const silentDays = Math.floor((now.getTime() - lastAt.getTime()) / dayMs);
  if (silentDays >= quietAfterDays) return quiet(lastAt, silentDays);
  return failing(calls) ?? healthy(calls, active, now);
}

function quiet(lastAt: Date, silentDays: number): Health {
  return {
    state: "quiet",
    cause: `No call for ${silentDays} days. That is no fault: an identity provider calls only when somebody changes. If somebody should have changed, assign or update one person there and watch for the call.`,
    since: lastAt,
    next: { words: "See its last calls", place: "calls" },
  };
}

function failing(calls: readonly HealthCall[]): Health | undefined {
  const judged = calls.slice(0, judgedCalls);
  const failures = judged.filter(isFailure);
  const [newest] = failures;
  const isMuch = failures.length >= failuresMin && failures.length * 2 >= judged.length;
  const isOurs = newest !== undefined && newest === judged[0] && newest.status >= 500;
  if (newest === undefined || !(isMuch || isOurs)) return undefined;
  const said = newest.detail === null ? "" : ` ${newest.detail}`;
  return {
    state: "failing",
    cause: `${failures.length} of the last ${judged.length} calls failed. The newest failure was answered ${newest.status}.${said}`,
    since: failures.at(-1)?.at ?? newest.at,
    next: { words: "See what failed", place: "failedCalls" },
  };
}

function healthy(calls: readonly HealthCall[], active: readonly HealthToken[], now: Date): Health {
  const failures = calls.filter(isFailure).length;
  const since = leading(calls, (call) => !isFailure(call)).at(-1)?.at ?? null;
  const state = "healthy";
  const expiring = active.find(
    ({ lastUsedAt, revokedAt, expiresAt }) =>
      lastUsedAt !== null && revokedAt === null && expiresAt.getTime() - now.getTime() <= noticeDays[0] * dayMs,
  );
  if (expiring !== undefined) {
    const cause = `Your identity provider calls and is answered. Its token ${expiring.name} expires within ${noticeDays[0]} days.`;
    return { state, cause, since, next: { words: "Rotate the token", place: "tokens" } };
  }
  if (failures === 0) {
    const cause = "Your identity provider calls and is answered. There is nothing to do.";
    return { state, cause, since, next: { words: "See its calls", place: "calls" } };
  }
  const cause = `Your identity provider calls and is answered. Of its last ${calls.length} calls ${failures} failed.`;
  return { state, cause, since, next: { words: "See what failed", place: "failedCalls" } };
}

/** A look-up that finds nobody is an answer; a caller who is not let in is a state of its own. */
function isFailure({ method, status }: HealthCall): boolean {
  const isAnswer = method === "GET" && status === 404;
  return status >= 400 && status !== 401 && !isAnswer;
}

function leading<T>(all: readonly T[], belongs: (one: T) => boolean): readonly T[] {
  const end = all.findIndex((one) => !belongs(one));
  return end < 0 ? all : all.slice(0, end);
}

function earliest(expiresAt: Date, revokedAt: Date | null): Date {
  return revokedAt !== null && revokedAt < expiresAt ? revokedAt : expiresAt;
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((newest, date) => (newest === null || (date !== null && date > newest) ? date : newest), null);
}
