import { Migration } from "@mikro-orm/migrations";

/** Browsers that accounts are known to sign in with, and links that take a change of an email address back. */
export class Notices extends Migration {
  override up(): void {
    this
      .addSql(`create table known_browser (account_id uuid not null references account (id), browser_hash bytea not null,
      first_seen_at timestamptz not null, last_seen_at timestamptz not null, primary key (account_id, browser_hash))`);
    this.addSql("alter table email_challenge add column is_undo boolean not null default false");
    this.addSql("alter table email_challenge alter column is_undo drop default");
  }

  override down(): void {
    throw new Error("The notices have no way back: restore a backup instead.");
  }
}
