import { followUpNextHold, inviteNextAdded, noticeNextToken, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 15 * 60_000;
const batchMax = 1000;

type NoticeOptions = { readonly database: Database; readonly log: Logger; readonly now?: () => Date };
type SendNext = (database: Database, now: Date) => Promise<boolean>;

/** Emails owners about tokens that are about to expire, in any number of processes: each notice is sent by one. */
export const startTokenWorker = (options: NoticeOptions): Worker =>
  startNoticeWorker("notices of tokens that expire", noticeNextToken, options);

/** Reminds owners daily of held removals and ends holds without any, in any number of processes: each is done by one. */
export const startGuardWorker = (options: NoticeOptions): Worker =>
  startNoticeWorker("reminders of held removals", followUpNextHold, options);

/** Emails people whom a directory has added and who must accept, in any number of processes: each is sent by one. */
export const startInviteWorker = ({
  linkTo,
  ...options
}: NoticeOptions & { readonly linkTo: (token: string) => string }): Worker =>
  startNoticeWorker(
    "mails to people who have to accept",
    (database, now) => inviteNextAdded(database, linkTo, now),
    options,
  );

function startNoticeWorker(what: string, sendNext: SendNext, { database, log, now }: NoticeOptions): Worker {
  const doNext = (): Promise<boolean> => sendNext(database, now?.() ?? new Date());
  return startWorker({ what, everyMs, batchMax, log, doNext });
}
