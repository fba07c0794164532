import type { Acme } from "./fixture.ts";

const waitMs = 5000;

/** The path of the newest link that was sent to an address; without SMTP the server keeps mails and shows them. */
export async function newestLink(acme: Pick<Acme, "appUrl">, recipient: string): Promise<string> {
  const response = await fetch(`${acme.appUrl}/trpc/mail.list`, {
    headers: { "x-rollcall-client": "test" },
    signal: AbortSignal.timeout(waitMs),
  });
  const text = await response.text();
  const [, after] = text.split(`"recipient":"${recipient}"`);
  const path = /\/invitation\?token=[\w.-]+/.exec(after ?? "")?.[0];
  if (path === undefined) throw new Error(`There is no mail with a link to ${recipient}.`);
  return path;
}
