import { endingTokens, tokenEnd, tokenStatus } from "../scim-token/scim-token.ts";
import { countFailures, failureWords, isFailure, type CallFailures } from "./call-failures.ts";
import type { Health, HealthCall, HealthFacts, HealthToken } from "./health-facts.ts";

/** A provider calls only on changes, so that only a long silence is worth a word. */
export const quietAfterDays = 7;
const dayMs = 86_400_000;
/** While the provider has been heard within that time, a stranger at the door is no state of its provisioning. */
const strangersAfterMs = 3_600_000;

type Judgement = Omit<Health, "failures">;

/** How provisioning does: one state, why, since when, and what an owner may do about it. */
export function judgeHealth(facts: HealthFacts, now: Date): Health {
  // What was called while provisioning was off is over.
  const isNow = ({ at }: HealthCall): boolean => facts.enabledAt === null || at >= facts.enabledAt;
  const [calls, strangers] = [facts.calls.filter(isNow), facts.strangers.filter(isNow)];
  const all = [...calls, ...strangers].toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const failures = countFailures(all);
  return { ...judge(facts, { calls, strangers, all, failures }, now), failures };
}

/** `all`: those of strangers among the others. */
type Heard = Pick<HealthFacts, "calls" | "strangers"> & {
  readonly all: readonly HealthCall[];
  readonly failures: CallFailures;
};

function judge(facts: HealthFacts, { calls, strangers, all, failures }: Heard, now: Date): Judgement {
  if (!facts.isEnabled) return off(facts);
  const active = facts.tokens.filter((token) => tokenStatus(token, now) === "ACTIVE");
  if (active.length === 0) return noToken(facts);
  // What failed before a long silence is over.
  const silence = quiet(calls, active, now);
  return (
    stopped(facts) ??
    refused(facts, atTheDoor(calls, strangers), now) ??
    waiting(facts, active) ??
    (silence === undefined ? failing(all, failures) : undefined) ??
    ending(active, now) ??
    silence ??
    healthy(calls, failures)
  );
}

function off({ disabledAt }: HealthFacts): Judgement {
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

function noToken({ tokens, enabledAt }: HealthFacts): Judgement {
  const ends = tokens.map(tokenEnd);
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

function stopped({ guard: { latchedAt, held, limit } }: HealthFacts): Judgement | undefined {
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
function refused({ tokens }: HealthFacts, calls: readonly HealthCall[], now: Date): Judgement | undefined {
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
function waiting({ tokens, enabledAt }: HealthFacts, active: readonly HealthToken[]): Judgement | undefined {
  if (active.some(({ lastUsedAt }) => lastUsedAt !== null)) return undefined;
  const since = latest([...active.map(({ createdAt }) => createdAt), enabledAt]);
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

/** A token that is in use ends soon, and no newer one outlasts it. */
function ending(active: readonly HealthToken[], now: Date): Judgement | undefined {
  const [first] = endingTokens(active, now)
    .filter(({ lastUsedAt }) => lastUsedAt !== null)
    .toSorted((one, other) => tokenEnd(one).getTime() - tokenEnd(other).getTime());
  if (first === undefined) return undefined;
  // The nearest number, as the console's times have.
  const days = Math.round((tokenEnd(first).getTime() - now.getTime()) / dayMs);
  const when = days <= 1 ? "within a day" : `in ${days} days`;
  return {
    state: "ending",
    cause: `Your identity provider's token ${first.name} expires ${when}, and no newer token outlasts it. From then on your identity provider is refused.`,
    since: null,
    next: { words: "Rotate the token", place: "tokens" },
  };
}

function quiet(calls: readonly HealthCall[], active: readonly HealthToken[], now: Date): Judgement | undefined {
  const lastAt = latest([...active.map(({ lastUsedAt }) => lastUsedAt), calls[0]?.at ?? null]) ?? now;
  const silentDays = Math.floor((now.getTime() - lastAt.getTime()) / dayMs);
  if (silentDays < quietAfterDays) return undefined;
  return {
    state: "quiet",
    cause: `No call for ${silentDays} days. That is no fault: an identity provider calls only when somebody changes. If somebody should have changed, assign or update one person there and watch for the call.`,
    since: lastAt,
    next: { words: "See its last calls", place: "calls" },
  };
}

function failing(calls: readonly HealthCall[], failures: CallFailures): Judgement | undefined {
  const newest = calls.find(isFailure);
  const isOurs = newest !== undefined && newest === calls[0] && newest.status >= 500;
  if (newest === undefined || !(failures.isAlarming || isOurs)) return undefined;
  const said = newest.detail === null ? "" : ` ${newest.detail}`;
  return {
    state: "failing",
    cause: `${failureWords(failures)}. The newest failure was answered ${newest.status}.${said}`,
    since: failures.since ?? newest.at,
    next: { words: "See what failed", place: "failedCalls" },
  };
}

function healthy(calls: readonly HealthCall[], failures: CallFailures): Judgement {
  const since = leading(calls, (call) => !isFailure(call)).at(-1)?.at ?? null;
  const isWell = failures.failed === 0;
  return {
    state: "healthy",
    cause: `Your identity provider calls and is answered. ${isWell ? "There is nothing to do" : failureWords(failures)}.`,
    since,
    next: isWell ? { words: "See its calls", place: "calls" } : { words: "See what failed", place: "failedCalls" },
  };
}

function leading<T>(all: readonly T[], belongs: (one: T) => boolean): readonly T[] {
  const end = all.findIndex((one) => !belongs(one));
  return end < 0 ? all : all.slice(0, end);
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((newest, date) => (newest === null || (date !== null && date > newest) ? date : newest), null);
}
