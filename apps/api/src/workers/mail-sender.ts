import { mailFailed, mailSent, mailText, nextMail, type Database } from "@rollcall/db";
import { createTransport, type Transporter } from "nodemailer";
import type { Logger } from "pino";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 2000;
const timeoutMs = 10_000;
/** Emails per round; the rest wait for the next one. */
const batchMax = 100;

export type MailSenderOptions = {
  readonly database: Database;
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly smtpUrl: string;
  /** The sender's address. */
  readonly from: string;
  readonly log: Logger;
  readonly now?: () => Date;
};

/**
 * Sends the email queue over SMTP, one email after the other. An email is locked in the database while it is sent, so
 * that several processes never send the same one; a process that dies in between may send it twice, which SMTP cannot
 * prevent.
 */
export function startMailSender(options: MailSenderOptions): Worker {
  const now = options.now ?? (() => new Date());
  const transport = createTransport({
    url: options.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  const doNext = (): Promise<boolean> => sendNext(options, transport, now());
  const worker = startWorker({ what: "the mail queue", everyMs, batchMax, log: options.log, doNext });
  return {
    run: () => worker.run(),
    async close() {
      await worker.close();
      transport.close();
    },
  };
}

/** False if none is due. */
function sendNext(options: MailSenderOptions, transport: Transporter, now: Date): Promise<boolean> {
  const { database, from, log } = options;
  return database.transaction(async (tx) => {
    const mail = await nextMail(tx, now);
    if (mail === undefined) return false;
    try {
      await transport.sendMail({ from, to: mail.recipient, subject: mail.subject, text: mailText(tx, mail) });
      await mailSent(tx, mail.id, now);
    } catch (cause) {
      const problem = messageOf(cause);
      const isOver = await mailFailed(tx, mail, { problem, isRefused: isRefusal(cause) }, now);
      if (isOver) log.error({ mailId: mail.id, fault: problem }, "A mail could not be sent and was given up.");
      else log.warn({ mailId: mail.id, fault: problem }, "A mail could not be sent; it is tried again.");
    }
    return true;
  });
}

/** A reply of the kind "permanent negative completion" (RFC 5321 section 4.2.1). */
function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && "responseCode" in cause && Number(cause.responseCode) >= 500;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
