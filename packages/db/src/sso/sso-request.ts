import { randomBytes } from "node:crypto";
import { ssoReportChecks, type SsoReport } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Session } from "../session/session.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { ssoSubject } from "./sso-connection.ts";

/** So long a request waits for its answer. */
const requestMinutes = 10;
const reportDays = 1;
const idBytes = 20;
const restartMs = 60_000;

/** What a question to the identity provider is for: to sign somebody in and lead them on, or to test the connection. */
export type SsoPurpose =
  | { readonly kind: "signIn"; readonly nextPath: string; readonly isRestart: boolean }
  | { readonly kind: "test"; readonly startedBy: { readonly id: string; readonly name: string } };

type SessionId = Pick<Session, "organizationId" | "sessionId">;

/** The browser that asks: the hash of its cookie, and the session that it has; null: nobody is signed in. */
export type AskingBrowser = { readonly hash: Buffer; readonly session: SessionId | null };

/** What an open request was for, once it is answered. */
type AnsweredRequest = { readonly nextPath: string; readonly formerSession: SessionId | null };

/** A test of the connection as its owner sees it. `report` is null until the provider has answered. */
export type SsoTest = { readonly isExpired: boolean; readonly report: SsoReport | null };

const reportShape = z.object({
  isOk: z.boolean(),
  nameId: z.string().nullable(),
  lines: z.array(
    z.object({
      check: z.enum(ssoReportChecks),
      outcome: z.enum(["passed", "failed", "skipped"]),
      detail: z.string().nullable(),
    }),
  ),
});
const usedRow = z.object({
  nextPath: z.string().nullable(),
  organizationId: z.string().nullable(),
  sessionId: z.string().nullable(),
});
const kept = z.object({
  startedBy: z.object({ id: z.string(), name: z.string() }),
  report: reportShape.nullable(),
});

/** Remembers an AuthnRequest for ten minutes. Returns its id, an xs:ID; the old ones are deleted on the way. */
export async function startSsoRequest(
  sql: Queryable,
  organizationId: string,
  purpose: SsoPurpose,
  browser: AskingBrowser,
  now: Date,
): Promise<string> {
  const id = `_${randomBytes(idBytes).toString("hex")}`;
  const isTest = purpose.kind === "test";
  const nextPath = isTest ? null : purpose.nextPath;
  const report = isTest ? JSON.stringify({ startedBy: purpose.startedBy, report: null }) : null;
  const expiresAt = new Date(now.getTime() + requestMinutes * 60_000);
  await sql.query(forgetOld, [organizationId, now, new Date(now.getTime() - reportDays * 86_400_000)]);
  const { organizationId: formerOrganization = null, sessionId: formerSession = null } = browser.session ?? {};
  const from = [browser.hash, !isTest && purpose.isRestart, formerOrganization, formerSession];
  await sql.query(insert, [organizationId, id, isTest, nextPath, now, expiresAt, report, ...from]);
  return id;
}

/** Which request is answered, and by which browser (the hash of its cookie; null: it has none). */
export type AnswerOf = { readonly organizationId: string; readonly id: string; readonly browserHash: Buffer | null };

/** Is this the id of a test that this browser has begun and that waits for its answer? */
export async function isOpenSsoTest(sql: Queryable, answer: AnswerOf, now: Date): Promise<boolean> {
  return (await sql.query(openTest, [answer.organizationId, answer.id, now, answer.browserHash])).length > 0;
}

/**
 * Marks a sign-in's request as answered. Undefined for an id that is not open, and where another browser has asked.
 */
export async function useSsoRequest(tx: Queryable, answer: AnswerOf, now: Date): Promise<AnsweredRequest | undefined> {
  const [row] = await tx.query(use, [answer.organizationId, answer.id, now, answer.browserHash]);
  if (row === undefined) return undefined;
  const { nextPath, organizationId, sessionId } = usedRow.parse(row);
  const formerSession = organizationId === null || sessionId === null ? null : { organizationId, sessionId };
  return { nextPath: nextPath ?? "/", formerSession };
}

/**
 * Has this browser been sent to the provider within the last minute because the provider had begun, without coming back
 * with the answer? A provider that never answers requests would send it in a circle.
 */
export async function isRestarting(
  sql: Queryable,
  organizationId: string,
  browserHash: Buffer | null,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - restartMs);
  return (await sql.query(restarting, [organizationId, browserHash, since])).length > 0;
}

/** Keeps what a test has found, in one transaction with its entry in the log. False where the test was not open. */
export async function finishSsoTest(
  tx: Queryable,
  at: { readonly organizationId: string; readonly now: Date; readonly requestId: string | null },
  answer: AnswerOf,
  report: SsoReport,
): Promise<boolean> {
  const { organizationId, now, requestId } = at;
  const [row] = await tx.query(finish, [organizationId, answer.id, now, answer.browserHash, JSON.stringify(report)]);
  if (row === undefined) return false;
  const { startedBy } = kept.parse(z.object({ report: z.unknown() }).parse(row).report);
  if (report.isOk) await tx.query(tested, [organizationId, now]);
  const problem = report.lines.find(({ outcome }) => outcome === "failed")?.detail ?? null;
  const actor: WriteContext["actor"] = { kind: "person", ...startedBy };
  const refused = report.isOk ? {} : { refusal: "ssoResponseRefused" };
  const after = report.isOk ? { isOk: true } : { problem };
  await recordChanges(tx, [
    { organizationId, at: now, requestId, actor, subject: ssoSubject, kind: "sso.tested", after, ...refused },
  ]);
  return true;
}

/** A test and its report; undefined for an id that is no test of this organization. */
export async function readSsoTest(
  sql: Queryable,
  organizationId: string,
  id: string,
  now: Date,
): Promise<SsoTest | undefined> {
  const [row] = await sql.query(read, [organizationId, id]);
  if (row === undefined) return undefined;
  const found = z.object({ expiresAt: z.date(), report: kept }).parse(row);
  return { isExpired: found.expiresAt <= now, report: found.report.report };
}

const isOpen = "organization_id = $1 and id = $2 and used_at is null and expires_at > $3 and browser_hash = $4";
const insert = {
  name: "sso_request_add",
  text: `insert into sso_request (organization_id, id, is_test, next_path, created_at, expires_at, report,
      browser_hash, is_restart, former_organization_id, former_session_id)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)`,
};
/** A report stays for a day. What another sign-in is deleting at the same moment is left to it. */
const forgetOld = {
  name: "sso_request_forget",
  text: `delete from sso_request where organization_id = $1 and id in (select id from sso_request
    where organization_id = $1 and expires_at < case when is_test then $3::timestamptz else $2::timestamptz end
    order by id limit 100 for update skip locked)`,
};
const openTest = { name: "sso_request_test", text: `select 1 from sso_request where ${isOpen} and is_test` };
const use = {
  name: "sso_request_use",
  text: `update sso_request set used_at = $3 where ${isOpen} and not is_test returning next_path as "nextPath",
      former_organization_id as "organizationId", former_session_id as "sessionId"`,
};
const restarting = {
  name: "sso_request_restarting",
  text: `select 1 from sso_request where organization_id = $1 and browser_hash = $2 and is_restart and used_at is null
    and created_at > $3`,
};
const finish = {
  name: "sso_request_finish",
  text: `update sso_request set used_at = $3, report = jsonb_set(report, '{report}', $5::jsonb)
    where ${isOpen} and is_test returning report`,
};
const tested = {
  name: "sso_connection_tested",
  text: "update sso_connection set tested_at = $2 where organization_id = $1",
};
const read = {
  name: "sso_request_read",
  text: `select expires_at as "expiresAt", report from sso_request where organization_id = $1 and id = $2 and is_test`,
};
