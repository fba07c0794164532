import { Migration } from "@mikro-orm/migrations";

/** What the mails to an address, of an organization and of a person are counted by. Mails of before count for nothing. */
export class MailLimits extends Migration {
  override up(): void {
    this.addSql(`alter table mail add column kind text not null default 'earlier',
      add column recipient_key text not null default '', add column organization_id uuid, add column cause_id uuid,
      add column collected integer not null default 0`);
    this.addSql(`alter table mail alter column kind drop default, alter column recipient_key drop default,
      alter column collected drop default`);
    this.addSql("create index mail_by_recipient on mail (recipient_key, kind, created_at)");
    this.addSql(`create index mail_by_organization on mail (organization_id, kind, created_at)
      where organization_id is not null`);
    this.addSql("create index mail_by_cause on mail (cause_id, kind, created_at) where cause_id is not null");
  }

  override down(): void {
    throw new Error("The limits of mails have no way back: restore a backup instead.");
  }
}
