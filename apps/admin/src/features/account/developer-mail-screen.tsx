import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { mailsQuery } from "./account-queries.ts";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { LogMoment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";

/** The emails that a server without SMTP keeps, if DEVELOPER_MAILBOX is set. */
export function DeveloperMailScreen(): ReactNode {
  const mails = useQuery(mailsQuery);
  return (
    <main className="mailbox">
      <Page
        title="Emails"
        lead="This server has no SMTP_URL, so emails are kept here instead of being sent. Only a developer’s machine shows them."
      >
        <div className="card">
          <QueryStatus query={mails} count={3} onlyFirst />
          {mails.data?.isKept === false && (
            <EmptyNote title="Emails are not shown here">
              Start the server with DEVELOPER_MAILBOX=1, on loopback and without SMTP_URL, to read them.
            </EmptyNote>
          )}
          {mails.data?.isKept === true && mails.data.mails.length === 0 && <EmptyNote title="No email yet" />}
          {mails.data !== undefined && mails.data.mails.length > 0 && (
            <ol className="entries" aria-label="Emails, newest first">
              {mails.data.mails.map(({ id, recipient, subject, body, createdAt }) => (
                <li key={id} className="entry">
                  <div className="entry-time small">
                    <LogMoment at={createdAt} />
                  </div>
                  <div className="entry-text">
                    <p>
                      <strong>{subject}</strong>
                    </p>
                    <p className="small quiet">To {recipient}</p>
                    <MailBody text={body ?? ""} />
                  </div>
                </li>
              ))}
            </ol>
          )}
        </div>
      </Page>
    </main>
  );
}

/** Turns links to this console into anchors. */
function MailBody({ text }: { readonly text: string }): ReactNode {
  return (
    <p className="values">
      {text.split(/(https?:\/\/\S+)/).map((part, place) =>
        place % 2 === 1 && part.startsWith(window.location.origin) ? (
          <a key={part} href={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
