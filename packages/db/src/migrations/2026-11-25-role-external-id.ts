import { Migration } from "@mikro-orm/migrations";

/** Entra looks a group up by its externalId before every write; without an index that reads all roles. */
export class RoleExternalId extends Migration {
  override up(): void {
    this.addSql(`create index role_external_id on role (organization_id, external_id)
      where deleted_at is null and external_id is not null`);
  }

  override down(): void {
    this.addSql(`drop index role_external_id`);
  }
}
