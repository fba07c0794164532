import type { Breakage } from "../breakage.ts";

export const authenticationBreakages: readonly Breakage[] = [
  {
    checks: ["auth-missing-is-401"],
    title: "a 403 for who brings no token",
    answer: ({ answered }) => (answered.status === 401 ? { ...answered, status: 403 } : answered),
  },
  {
    checks: ["auth-missing-challenges"],
    title: "a 401 without WWW-Authenticate",
    answer: ({ answered }) => ({
      ...answered,
      headers: Object.fromEntries(Object.entries(answered.headers).filter(([name]) => name !== "www-authenticate")),
    }),
  },
];
