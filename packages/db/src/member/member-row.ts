import type { Member } from "@rollcall/domain";
import { z } from "zod";

/** A member as the SCIM statements read it. */
export type MemberRow = Omit<Member, "isOwner"> & {
  /** Null while the membership awaits acceptance. */
  readonly accountId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The columns of `MemberRow`, of a table or expression that is called `m`. */
export const memberColumns = `m.id, m.account_id as "accountId", m.user_name as "userName", m.external_id as "externalId",
  m.last_external_id as "lastExternalId",
  m.given_name as "givenName", m.family_name as "familyName", m.display_name as "displayName", m.name, m.active,
  m.is_managed as "isManaged", m.version, m.created_at as "createdAt", m.updated_at as "updatedAt"`;

/**
 * What a change of a member that shows sets: its time at `place`, but always later than that of the change before, as the
 * ETag of the SCIM User is made of it (docs/decisions/0011). `version` is for deciding races; it moves without a change too.
 */
export const touched = (place: number): string =>
  `version = version + 1, updated_at = greatest($${place}::timestamptz, updated_at + interval '1 millisecond')`;

/** Is the member `m` one of the account's that is called `a`, or does it wait for whoever holds that account's address? */
export const belongsTo = "(m.account_id = a.id or (m.awaits_acceptance and m.user_name_key = a.email_key))";

/**
 * Was the account `a` that of a removed member here, under another externalId than that of the member `m` who awaits
 * acceptance (`isSamePerson`)? Not once its holder has proven the address by a link that was mailed since.
 */
export const wasAnother = `exists (select 1 from member was where was.organization_id = m.organization_id
  and was.account_id = a.id and was.is_deleted and coalesce(was.last_external_id, was.external_id) <> m.external_id
  and greatest(m.created_at, was.deleted_at) >= coalesce(a.address_proven_at, '-infinity'))`;

/** Does the member that is called `m` hold an owners' role? */
export const isOwnerColumn = `exists (select 1 from role_grant g
  join role r on r.organization_id = g.organization_id and r.id = g.role_id
  where g.organization_id = m.organization_id and g.member_id = m.id and r.kind = 'owner' and r.deleted_at is null)`;

/** The owners with access beside the member `m`, as the roster names them: at most ten as JSON, `name` and `email`. */
export const otherOwners = `coalesce((select jsonb_agg(jsonb_build_object('name', owner.name, 'email', owner.user_name))
  from (select w.name, w.user_name from role r
    join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
    join member w on w.organization_id = g.organization_id and w.id = g.member_id
    where r.organization_id = m.organization_id and r.kind = 'owner' and w.active and not w.awaits_acceptance
      and not w.is_deleted and w.id <> m.id
    group by w.id, w.name, w.user_name, w.name_key order by w.name_key, w.id limit 10) owner), '[]')`;

const shape = z.object({
  id: z.string(),
  accountId: z.string().nullable(),
  userName: z.string(),
  externalId: z.string().nullable(),
  lastExternalId: z.string().nullable(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  displayName: z.string().nullable(),
  name: z.string(),
  active: z.boolean(),
  isManaged: z.boolean(),
  version: z.number(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** The member of a row, or null where an outer join found none. */
export function memberOf(row: Record<string, unknown> | undefined): MemberRow | null {
  return row === undefined || row["id"] === null || row["id"] === undefined ? null : shape.parse(row);
}
