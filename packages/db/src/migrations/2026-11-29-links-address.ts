import { Migration } from "@mikro-orm/migrations";

/**
 * Whoever gets an address ends what was mailed to it before, of any account and any organization (docs/decisions/0029).
 * Without `ended_at` in their conditions, as a plan that is kept goes by whole keys then.
 */
export class LinksAddress extends Migration {
  override up(): void {
    this.addSql(`create index email_challenge_to on email_challenge (email_key)`);
    this.addSql(`create index invitation_to on invitation (email_key)`);
    this.addSql(`alter table account add column address_proven_at timestamptz`);
  }

  override down(): void {
    this.addSql(`alter table account drop column address_proven_at`);
    this.addSql(`drop index invitation_to`);
    this.addSql(`drop index email_challenge_to`);
  }
}
