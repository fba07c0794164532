import { Migration } from "@mikro-orm/migrations";

/**
 * A membership that awaits acceptance has no account (docs/decisions/0029): it is found by its userName, which is the
 * address, across organizations.
 */
export class IdentityAcceptance extends Migration {
  override up(): void {
    this.addSql(`alter table member alter column account_id drop not null`);
    this.addSql(`update member set account_id = null where awaits_acceptance`);
    this.addSql(`alter table member
      add constraint member_account_accepted check (awaits_acceptance = (account_id is null))`);
    this.addSql(`create index member_awaiting on member (user_name_key) where awaits_acceptance and not is_deleted`);
    this.addSql(`alter table provisioning add column domains_version integer not null default 0`);
  }

  override down(): void {
    throw new Error("Memberships that await acceptance have no account to go back to.");
  }
}
