import { sessionDays } from "@rollcall/db";

const cookieName = "rollcall_session";

/** The session's text in a Cookie header, or undefined. The first one counts. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const prefix = `${cookieName}=`;
  const pair = (header ?? "").split(";").find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}

/** The Set-Cookie header that keeps a session for its 14 days, or forgets it where `text` is undefined. */
export function writeSessionCookie(text: string | undefined, isSecure: boolean): string {
  const maxAgeS = text === undefined ? 0 : sessionDays * 86_400;
  const secure = isSecure ? "; Secure" : "";
  return `${cookieName}=${text ?? ""}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
}
