import { mailFailed, mailSent, mailText, nextMail, type Database } from "@rollcall/db";
import { createTransport, type Transporter } from "nodemailer";
import type { Logger } from "pino";

const everyMs = 2000;
const timeoutMs = 10_000;
/** Emails per round; the rest wait for the next one. */
const batchMax = 100;

export type MailSender = {
  /** Sends the due emails; resolves when that is done. Never throws: a failure is logged and retried later. */
  flush(): Promise<void>;
  /** Stops between two emails. */
  close(): Promise<void>;
};

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
export function startMailSender(options: MailSenderOptions): MailSender {
  const { log } = options;
  const now = options.now ?? (() => new Date());
  const transport = createTransport({
    url: options.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  let working: Promise<void> = Promise.resolve();
  const closing = new AbortController();
  const round = async (): Promise<void> => {
    try {
      for (let sent = 0; sent < batchMax && !closing.signal.aborted; sent++)
        if (!(await sendNext(options, transport, now()))) return;
    } catch (cause) {
      log.error({ fault: messageOf(cause) }, "The mail queue could not be read; it is tried again.");
    }
  };
  const flush = (): Promise<void> => (working = working.then(round));
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    flush,
    async close() {
      closing.abort();
      clearInterval(timer);
      await working;
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
      log.warn({ mailId: mail.id, fault: messageOf(cause) }, "A mail could not be sent.");
      await mailFailed(tx, mail, messageOf(cause), now);
    }
    return true;
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
