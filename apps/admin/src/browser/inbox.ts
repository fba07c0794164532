import type { Stage } from "./stage.ts";

const waitMs = 20_000;

/** The path of the newest link that was sent to somebody; without SMTP the server keeps mails and shows them. */
export async function newestLink(stage: Pick<Stage, "appUrl">, recipient: string): Promise<string> {
  const answer = await fetch(`${stage.appUrl}/trpc/mail.list`, {
    headers: { "x-rollcall-client": "test" },
    signal: AbortSignal.timeout(waitMs),
  });
  const text = await answer.text();
  const [, after] = text.split(`"recipient":"${recipient}"`);
  const path = /\/invitation\?token=[\w.-]+/.exec(after ?? "")?.[0];
  if (path === undefined) throw new Error(`There is no mail with a link to ${recipient}.`);
  return path;
}
