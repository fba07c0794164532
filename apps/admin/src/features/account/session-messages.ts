import type { ListedSession } from "./account-queries.ts";

/** How the session began and what was proven in it: `Single sign-on (https://idp.example), two-factor code`. */
export function proofWords(session: ListedSession): string {
  const { method, passwordAt, secondFactorAt, ssoEntityId } = session;
  const words: string[] = [];
  if (method === "sso") words.push(ssoEntityId === null ? "single sign-on" : `single sign-on (${ssoEntityId})`);
  if (method === "invitation") words.push("invitation");
  if (passwordAt !== null || method === "password") words.push("password");
  if (secondFactorAt !== null) words.push("two-factor code");
  const text = words.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
