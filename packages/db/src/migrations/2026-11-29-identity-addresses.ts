import { Migration } from "@mikro-orm/migrations";

/** An account can lose its address to another person (docs/decisions/0029). */
export class IdentityAddresses extends Migration {
  override up(): void {
    this.addSql(`alter table account alter column email drop not null, alter column email_key drop not null,
      add column former_email text, add constraint account_email_whole check ((email is null) = (email_key is null))`);
    this.addSql(`alter table member add column last_external_id text`);
  }

  override down(): void {
    throw new Error("An account that has lost its address cannot be told from others without these columns.");
  }
}
