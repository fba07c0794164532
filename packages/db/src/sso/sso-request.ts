import { randomBytes } from "node:crypto";
import type { SsoReport } from "@rollcall/domain";
import { expressionBuilder, sql, type NotNull } from "kysely";
import type { Session } from "../session/session.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { ssoSubject } from "./sso-connection.ts";

/** How long a request waits for its response. */
const requestMinutes = 10;
const reportDays = 1;
const idBytes = 20;
const restartMs = 60_000;

/** The purpose of an AuthnRequest: a sign-in with its target, or a test of the connection. */
export type SsoPurpose =
  | { readonly kind: "signIn"; readonly nextPath: string; readonly isRestart: boolean }
  | { readonly kind: "test"; readonly startedBy: { readonly id: string; readonly name: string } };

type SessionId = Pick<Session, "organizationId" | "sessionId">;

/** The requesting browser: the hash of its cookie, and its session; null: not signed in. */
export type AskingBrowser = { readonly hash: Buffer; readonly session: SessionId | null };

/** The purpose of an open request when its response arrives. */
type AnsweredRequest = { readonly nextPath: string; readonly formerSession: SessionId | null };

/** A test of the connection for its owner. `report` is null until the provider has responded. */
export type SsoTest = { readonly isExpired: boolean; readonly report: SsoReport | null };

/** Stores an AuthnRequest for ten minutes. Returns its id, an xs:ID; deletes old ones. */
export async function startSsoRequest(
  sql: Queryable,
  organizationId: string,
  purpose: SsoPurpose,
  browser: AskingBrowser,
  now: Date,
): Promise<string> {
  const id = `_${randomBytes(idBytes).toString("hex")}`;
  const isTest = purpose.kind === "test";
  await forgetOld(sql, organizationId, now);
  const request = {
    organizationId,
    id,
    isTest,
    nextPath: isTest ? null : purpose.nextPath,
    createdAt: now,
    expiresAt: new Date(now.getTime() + requestMinutes * 60_000),
    report: isTest ? { startedBy: purpose.startedBy, report: null } : null,
    browserHash: browser.hash,
    isRestart: !isTest && purpose.isRestart,
    formerOrganizationId: browser.session?.organizationId ?? null,
    formerSessionId: browser.session?.sessionId ?? null,
  };
  await sql.db.insertInto("sso_request").values(request).execute();
  return id;
}

/** A report is kept for a day. Skips rows that another sign-in is deleting. */
async function forgetOld({ db }: Queryable, organizationId: string, now: Date): Promise<void> {
  const reportsUntil = new Date(now.getTime() - reportDays * 86_400_000);
  await db
    .deleteFrom("sso_request")
    .where("organizationId", "=", organizationId)
    .where("id", "in", (all) =>
      all
        .selectFrom("sso_request")
        .where("organizationId", "=", organizationId)
        .where("expiresAt", "<", now)
        .where((old) => old.or([old("isTest", "=", false), old("expiresAt", "<", reportsUntil)]))
        .orderBy("id")
        .limit(100)
        .forUpdate()
        .skipLocked()
        .select("id"),
    )
    .execute();
}

/** The request of a response, and the browser's cookie hash; null: no cookie. */
export type AnswerOf = { readonly organizationId: string; readonly id: string; readonly browserHash: Buffer | null };

const eb = expressionBuilder<Tables, "sso_request">();

/** A null hash matches no request. */
const isOpen = ({ organizationId, id, browserHash }: AnswerOf, now: Date, isTest: boolean) =>
  eb.and({ organizationId, id, isTest, usedAt: null }).and("expiresAt", ">", now).and("browserHash", "=", browserHash);

/** Whether this browser has started the test and it is still open. */
export async function isOpenSsoTest({ db }: Queryable, answer: AnswerOf, now: Date): Promise<boolean> {
  const open = db
    .selectFrom("sso_request")
    .where(isOpen(answer, now, true))
    .select("id");
  return (await open.executeTakeFirst()) !== undefined;
}

/** Marks a sign-in's request as used. Undefined if the id is not open, or if it belongs to another browser. */
export async function useSsoRequest(
  { db }: Queryable,
  answer: AnswerOf,
  now: Date,
): Promise<AnsweredRequest | undefined> {
  const used = await db
    .updateTable("sso_request")
    .set({ usedAt: now })
    .where(isOpen(answer, now, false))
    .returning(["nextPath", "formerOrganizationId as organizationId", "formerSessionId as sessionId"])
    .executeTakeFirst();
  if (used === undefined) return undefined;
  const { nextPath, organizationId, sessionId } = used;
  const formerSession = organizationId === null || sessionId === null ? null : { organizationId, sessionId };
  return { nextPath: nextPath ?? "/", formerSession };
}

/**
 * Whether this browser was redirected to the provider within the last minute because the provider had started the
 * sign-in, without a response since. Without this check, a provider that ignores requests would cause a redirect loop.
 */
export async function isRestarting(
  { db }: Queryable,
  organizationId: string,
  browserHash: Buffer | null,
  now: Date,
): Promise<boolean> {
  const restart = await db
    .selectFrom("sso_request")
    .where(eb.and({ organizationId, isRestart: true, usedAt: null }))
    .where("browserHash", "=", browserHash)
    .where("createdAt", ">", new Date(now.getTime() - restartMs))
    .select("id")
    .executeTakeFirst();
  return restart !== undefined;
}

/** Saves the result of a test with its log entry. False if the test was not open. */
export async function finishSsoTest(
  tx: Queryable,
  at: { readonly organizationId: string; readonly now: Date; readonly requestId: string | null },
  answer: AnswerOf,
  report: SsoReport,
): Promise<boolean> {
  const { organizationId, now, requestId } = at;
  const finished = await tx.db
    .updateTable("sso_request")
    .set({ usedAt: now, report: sql`jsonb_set(report, '{report}', ${JSON.stringify(report)}::jsonb)` })
    .where(isOpen({ ...answer, organizationId }, now, true))
    .returning("report")
    .$narrowType<{ report: NotNull }>()
    .executeTakeFirst();
  if (finished === undefined) return false;
  if (report.isOk) {
    const connection = tx.db.updateTable("sso_connection").where("organizationId", "=", organizationId);
    await connection.set({ testedAt: now }).execute();
  }
  const problem = report.lines.find(({ outcome }) => outcome === "failed")?.detail ?? null;
  const actor = { kind: "person", ...finished.report.startedBy } as const;
  const refused = report.isOk ? {} : { refusal: "ssoResponseRefused" };
  const after = report.isOk ? { isOk: true } : { problem };
  await recordChanges(tx, [
    { organizationId, at: now, requestId, actor, subject: ssoSubject, kind: "sso.tested", after, ...refused },
  ]);
  return true;
}

/** A test and its report; undefined if the organization has no such test. */
export async function readSsoTest(
  { db }: Queryable,
  organizationId: string,
  id: string,
  now: Date,
): Promise<SsoTest | undefined> {
  const found = await db
    .selectFrom("sso_request")
    .where(eb.and({ organizationId, id, isTest: true }))
    .select(["expiresAt", "report"])
    .executeTakeFirst();
  return found && { isExpired: found.expiresAt <= now, report: found.report?.report ?? null };
}
