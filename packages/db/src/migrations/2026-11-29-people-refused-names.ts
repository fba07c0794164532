import { Migration } from "@mikro-orm/migrations";

/** Whom a refused call named, so that an owner finds out by any of the names why somebody is not here. */
export class RefusedNames extends Migration {
  override up(): void {
    this.addSql("alter table scim_request add column names text[]");
    this.addSql("create index scim_request_names on scim_request (organization_id, id) where names is not null");
  }

  override down(): void {
    throw new Error("The names have no way back: restore a backup instead.");
  }
}
