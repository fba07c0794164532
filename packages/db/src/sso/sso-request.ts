import { randomBytes } from "node:crypto";
import { ssoReportChecks, type SsoReport } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../change-log.ts";
import type { Queryable } from "../statement.ts";
import type { WriteContext } from "../write-context.ts";
import { ssoSubject } from "./sso-connection.ts";

const requestMinutes = 10;
const reportDays = 1;
const idBytes = 20;

/** What a question to the identity provider is for: to sign somebody in and lead them on, or to test the connection. */
export type SsoPurpose =
  | { readonly kind: "signIn"; readonly nextPath: string }
  | { readonly kind: "test"; readonly startedBy: { readonly id: string; readonly name: string } };

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
const kept = z.object({
  startedBy: z.object({ id: z.string(), name: z.string() }),
  report: reportShape.nullable(),
});

/** Remembers an AuthnRequest for ten minutes. Returns its id, an xs:ID; the old ones are deleted on the way. */
export async function startSsoRequest(
  sql: Queryable,
  organizationId: string,
  purpose: SsoPurpose,
  now: Date,
): Promise<string> {
  const id = `_${randomBytes(idBytes).toString("hex")}`;
  const isTest = purpose.kind === "test";
  const nextPath = isTest ? null : purpose.nextPath;
  const report = isTest ? JSON.stringify({ startedBy: purpose.startedBy, report: null }) : null;
  const expiresAt = new Date(now.getTime() + requestMinutes * 60_000);
  await sql.query(forgetOld, [organizationId, now, new Date(now.getTime() - reportDays * 86_400_000)]);
  await sql.query(insert, [organizationId, id, isTest, nextPath, now, expiresAt, report]);
  return id;
}

/** Is this the id of a test that waits for its answer? */
export async function isOpenSsoTest(sql: Queryable, organizationId: string, id: string, now: Date): Promise<boolean> {
  return (await sql.query(openTest, [organizationId, id, now])).length > 0;
}

/** Marks a sign-in's request as answered. Returns where to lead the person, undefined for an id that is not open. */
export async function useSsoRequest(
  tx: Queryable,
  organizationId: string,
  id: string,
  now: Date,
): Promise<string | undefined> {
  const [row] = await tx.query(use, [organizationId, id, now]);
  if (row === undefined) return undefined;
  return z.object({ nextPath: z.string().nullable() }).parse(row).nextPath ?? "/";
}

/** Keeps what a test has found, in one transaction with its entry in the log. False where the test was not open. */
export async function finishSsoTest(
  tx: Queryable,
  at: { readonly organizationId: string; readonly now: Date; readonly requestId: string | null },
  id: string,
  report: SsoReport,
): Promise<boolean> {
  const { organizationId, now, requestId } = at;
  const [row] = await tx.query(finish, [organizationId, id, now, JSON.stringify(report)]);
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

const isOpen = "organization_id = $1 and id = $2 and used_at is null and expires_at > $3";
const insert = {
  name: "sso_request_add",
  text: `insert into sso_request (organization_id, id, is_test, next_path, created_at, expires_at, report)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
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
  text: `update sso_request set used_at = $3 where ${isOpen} and not is_test returning next_path as "nextPath"`,
};
const finish = {
  name: "sso_request_finish",
  text: `update sso_request set used_at = $3, report = jsonb_set(report, '{report}', $4::jsonb)
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
