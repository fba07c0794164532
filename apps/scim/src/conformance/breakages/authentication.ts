import type { Answered, Breakage } from "../breakage.ts";
import { emptied, refusal, withHeader, withStatus } from "../broken-answer.ts";
import { call, status, when } from "../exchange-match.ts";

const emptyList: Answered = emptied({ ...refusal(200), text: "{}" });

export const authenticationBreakages: readonly Breakage[] = [
  {
    checks: ["auth-missing-is-401", "auth-wrong-token-is-401", "auth-other-scheme-is-401"],
    title: "a 403 for who is not known",
    answer: when(status(401), (answered) => withStatus(answered, 403)),
  },
  {
    checks: ["auth-wrong-token-is-401", "auth-other-scheme-is-401"],
    title: "an empty list for who is not known",
    answer: when(status(401), () => emptyList),
  },
  {
    checks: ["auth-missing-challenges"],
    title: "a 401 without WWW-Authenticate",
    answer: when(status(401), (answered) => withHeader(answered, "www-authenticate", undefined)),
  },
  {
    checks: ["auth-guards-single-resources"],
    title: "an unknown id that is told before the token is looked at",
    answer: when(call("GET", /no-such-id$/), () => refusal(404)),
  },
  {
    checks: ["auth-guards-writes"],
    title: "a PATCH that nobody guards",
    answer: when(call("PATCH", /^\/Users/), () => ({ status: 204, headers: {}, text: "" })),
  },
];
