import { isBreakGlass, roleKinds, setupProviders } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

/** How far the owners are with the wizard, as it is stored. */
const progressRow = z.object({
  provider: z.enum(setupProviders),
  startedAt: z.date(),
  startedBy: z.string(),
  finishedAt: z.date().nullable(),
  finishedBy: z.string().nullable(),
});
export type SetupRow = z.infer<typeof progressRow>;

const settingsRow = z.object({
  isEnabled: z.boolean(),
  enabledAt: z.date().nullable(),
  defaultRole: z.object({ id: z.string(), name: z.string(), kind: z.enum(roleKinds) }).nullable(),
  hasSso: z.boolean(),
  ssoTestedAt: z.date().nullable(),
  ssoAcknowledgedAt: z.date().nullable(),
  ssoAcknowledgedBy: z.string().nullable(),
  domainCount: z.number(),
  /** The first five. */
  domains: z.array(z.string()),
});
/** What the wizard's prerequisites and switches are read from. */
export type SetupSettings = z.infer<typeof settingsRow>;

const ownerRow = z.object({
  memberId: z.string(),
  name: z.string(),
  hasPassword: z.boolean(),
  isManaged: z.boolean(),
  isLockExempt: z.boolean(),
});
export type SetupOwner = Pick<z.infer<typeof ownerRow>, "memberId" | "name" | "isLockExempt">;

/** Undefined: nobody has begun. */
export async function findSetup(sql: Queryable, organizationId: string): Promise<SetupRow | undefined> {
  const [row] = await sql.query(byOrganization, [organizationId]);
  return row === undefined ? undefined : progressRow.parse(row);
}

export async function readSetupSettings(sql: Queryable, organizationId: string): Promise<SetupSettings> {
  const [row] = await sql.query(settings, [organizationId]);
  return settingsRow.parse(row);
}

/** The owners who get in without the identity provider, the exempt ones first; at most five. */
export async function breakGlassOwners(sql: Queryable, organizationId: string): Promise<readonly SetupOwner[]> {
  const rows = await sql.query(owners, [organizationId]);
  return rows
    .map((row) => ownerRow.parse(row))
    .filter(isBreakGlass)
    .slice(0, shownMax)
    .map(({ memberId, name, isLockExempt }) => ({ memberId, name, isLockExempt }));
}

const shownMax = 5;

const byOrganization = {
  name: "setup_row",
  text: `select provider, started_at as "startedAt", started_by as "startedBy", finished_at as "finishedAt",
      finished_by as "finishedBy" from setup where organization_id = $1`,
};
const settings = {
  name: "setup_settings",
  text: `select p.is_enabled as "isEnabled", p.enabled_at as "enabledAt",
      (select json_build_object('id', r.id, 'name', r.name, 'kind', r.kind) from role r
        where r.organization_id = p.organization_id and r.id = p.default_role_id and r.deleted_at is null) as "defaultRole",
      c.organization_id is not null as "hasSso", c.tested_at as "ssoTestedAt",
      p.sso_acknowledged_at as "ssoAcknowledgedAt", p.sso_acknowledged_by as "ssoAcknowledgedBy",
      (select count(*)::int from verified_domain d where d.organization_id = p.organization_id) as "domainCount",
      array(select d.domain from verified_domain d where d.organization_id = p.organization_id
        order by d.domain limit ${shownMax}) as domains
    from provisioning p left join sso_connection c on c.organization_id = p.organization_id
    where p.organization_id = $1`,
};
/** Only the first thousand owners are looked at. */
const owners = {
  name: "setup_owners",
  text: `select m.id as "memberId", m.name, a.password_hash is not null as "hasPassword", m.is_managed as "isManaged",
      e.member_id is not null as "isLockExempt"
    from member m join account a on a.id = m.account_id
      left join exemption e on e.kind = 'locks' and e.organization_id = m.organization_id and e.member_id = m.id
    where m.organization_id = $1 and m.active and not m.awaits_acceptance and not m.is_deleted
      and m.id in (select g.member_id from role r
        join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
        where r.organization_id = $1 and r.kind = 'owner')
    order by e.member_id is null, m.id limit 1000`,
};
