import { Migration } from "@mikro-orm/migrations";
import { idOfNow } from "../store/id.ts";

/**
 * A membership of before that nobody has accepted, for an address whose domain the organization has not verified, awaits
 * acceptance now. Whoever has ever used a membership keeps it (docs/decisions/0029), and owners keep theirs, as without them
 * an organization would have nobody.
 */
export class TrustUnaccepted extends Migration {
  override up(): void {
    this.addSql(`update member m set accepted_at = m.created_at
      where not m.awaits_acceptance and not m.is_deleted and (${used.join(" or ")})`);
    this
      .addSql(`with turned as (update member m set account_id = null, awaits_acceptance = true, invite_at = now() + interval '1 hour', version = version + 1,
          updated_at = greatest(now(), updated_at + interval '1 millisecond')
        where not m.awaits_acceptance and not m.is_deleted and m.accepted_at is null
          and not exists (select 1 from verified_domain v where v.organization_id = m.organization_id
            and v.domain_key = substring(m.user_name_key from '[^@]*$'))
        returning m.organization_id, m.id, m.name)
      insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_id, subject_name, kind)
        select organization_id, ${idOfNow}, now(), 'system', '', 'member', id, name, 'member.acceptance_asked' from turned`);
  }

  override down(): void {
    throw new Error("Memberships that await acceptance have no account to go back to.");
  }
}

/** By what a member `m` of before is known to have used the membership. The log is kept for ever, sessions are not. */
const used = [
  "not m.is_managed",
  `exists (select 1 from session s where s.organization_id = m.organization_id and s.account_id = m.account_id)`,
  `exists (select 1 from invitation i where i.organization_id = m.organization_id and i.email_key = m.user_name_key
    and i.end_reason = 'accepted')`,
  `exists (select 1 from change c where c.organization_id = m.organization_id and c.actor_kind = 'person'
    and c.actor_id = m.account_id and c.subject_id = m.id and c.kind = 'member.accepted')`,
  // Whoever has chosen a password and belongs nowhere else has used it here.
  `exists (select 1 from account a where a.id = m.account_id and a.password_hash is not null)
    and not exists (select 1 from member e where e.account_id = m.account_id and not e.is_deleted
      and e.organization_id <> m.organization_id)`,
  `exists (select 1 from role_grant g join role r on r.organization_id = g.organization_id and r.id = g.role_id
    where g.organization_id = m.organization_id and g.member_id = m.id and r.kind = 'owner' and r.deleted_at is null)`,
];
