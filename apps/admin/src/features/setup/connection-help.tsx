import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Note } from "../../ui/note.tsx";
import { ElapsedTime } from "./elapsed-time.tsx";
import { type Setup, stateIn } from "./setup-queries.ts";

const patienceMs = 60_000;

type ConnectionHelpProps = { readonly setup: Setup; readonly nowMs: number; readonly delay: string };

/** The refused requests with their reason, and after a minute without requests the possible causes. */
export function ConnectionHelp({ setup, nowMs, delay }: ConnectionHelpProps): ReactNode {
  const { refused, token } = setup.evidence;
  const isSilent = stateIn(setup, "credentialsTested") === "open";
  const hasWaited = token !== null && nowMs - Date.parse(token.createdAt) > patienceMs;
  return (
    <>
      {refused.length > 0 && (
        <div className="after">
          <Note tone="warn">
            <p>
              <strong>{refused.length === 1 ? "A request was refused." : "Requests were refused."}</strong> The newest
              first; all of them are under{" "}
              <Link to="/requests" search={{ failed: true }}>
                Requests
              </Link>
              .
            </p>
            <ul className="refused-requests">
              {refused.map(({ at, method, path, status, detail, tokenPrefix }) => (
                <li key={`${at} ${method} ${path}`}>
                  <code>{`${method} ${path}`}</code> with <code>{`${tokenPrefix}…`}</code>,{" "}
                  <ElapsedTime at={at} nowMs={nowMs} />: {status}. {detail ?? ""}
                </li>
              ))}
            </ul>
          </Note>
        </div>
      )}
      {isSilent && (
        <details className="silence after" open={hasWaited}>
          <summary>{hasWaited ? "Nothing has arrived yet. What to look at" : "If nothing arrives"}</summary>
          <ul className="small measure">
            <li>
              The address: exactly <code>{setup.baseUrl}</code>, without a slash at the end and with{" "}
              <code>/scim_v2</code>.
            </li>
            <li>
              The token: copy all 54 characters, starting with <code>rcl_</code>. “Bearer” before it is optional, but
              must not appear twice.
            </li>
            <li>
              Network: your identity provider sends requests from the internet. If a firewall, a private address or an
              untrusted certificate blocks a request, Rollcall never receives it.
            </li>
            {!setup.settings.isEnabled && (
              <li>Provisioning is off: every request is refused with 403 until you turn it on.</li>
            )}
            <li>{delay}</li>
            <li>Requests with an unknown token cannot be matched to your organization and are not listed here.</li>
          </ul>
        </details>
      )}
    </>
  );
}
