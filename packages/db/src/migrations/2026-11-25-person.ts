import { Migration } from "@mikro-orm/migrations";

/**
 * What an owner asks about one person: the locks that may outlive provisioning, the browsers of one account, its invitations, when provisioning was switched, and refusals of people who never came,
 * which have a name but no id.
 */
export class Person extends Migration {
  override up(): void {
    this.addSql(`alter table provisioning add column keeps_locks boolean not null default false`);
    this.addSql(`create index session_of_account on session (organization_id, account_id, id)`);
    this.addSql(`create index change_stranger on change (organization_id, lower(subject_name) collate "C", id)
      where subject_id is null and subject_kind = 'member'`);
    this.addSql(`create index change_switch on change (organization_id, id)
      where kind in ('provisioning.enabled', 'provisioning.disabled', 'provisioning.people_released')`);
    this.addSql(`create index invitation_email on invitation (organization_id, email_key, id)`);
  }

  override down(): void {
    throw new Error("Who was kept locked has no way back: restore a backup instead.");
  }
}
