import { Migration } from "@mikro-orm/migrations";

/**
 * Password hashes become PHC strings (the names of their parameters stand beside them). Of the activity log, entries that
 * say only what was refused may be deleted after 180 days; every other entry stays, whoever asks.
 */
export class Secrets extends Migration {
  override up(): void {
    this.addSql(`update account set password_hash = '$argon2id$v=19$m=' || split_part(password_hash, '$', 2)
      || ',t=' || split_part(password_hash, '$', 3) || ',p=' || split_part(password_hash, '$', 4)
      || '$' || translate(split_part(password_hash, '$', 5), '-_', '+/')
      || '$' || translate(split_part(password_hash, '$', 6), '-_', '+/')
      where password_hash like 'argon2id$%'`);
    this.addSql("create index change_refused on change (organization_id, id) where refusal is not null");
    this.addSql(`create function refuse_change_deletion() returns trigger language plpgsql as $$ begin
      if old.refusal is not null and old.at < now() - interval '180 days' then return old; end if;
      raise exception 'The change log is append-only.'; end $$`);
    this.addSql("drop trigger change_append_only on change");
    this.addSql(`create trigger change_append_only before update or truncate on change
      for each statement execute function refuse_change_rewrite()`);
    this.addSql(`create trigger change_kept before delete on change
      for each row execute function refuse_change_deletion()`);
  }

  override down(): void {
    throw new Error("The hashes have no way back: restore a backup instead.");
  }
}
