import { Migration } from "@mikro-orm/migrations";

/**
 * One externalId is one group's, as it is one person's. Of groups that share one now, the oldest keeps it, as that is the one
 * that a look-up found first; the others stay as they are otherwise (docs/decisions/0040).
 */
export class RoleExternalIdUnique extends Migration {
  override up(): void {
    this.addSql(`update role r set external_id = null, version = version + 1,
        updated_at = greatest(now(), r.updated_at + interval '1 millisecond')
      from (select organization_id, id, row_number() over (partition by organization_id, external_id
        order by created_at, id) as place from role where deleted_at is null and external_id is not null) same
      where same.organization_id = r.organization_id and same.id = r.id and same.place > 1`);
    this.addSql("drop index role_external_id");
    this.addSql(`create unique index role_external_id_unique on role (organization_id, external_id)
      where deleted_at is null and external_id is not null`);
  }

  override down(): void {
    this.addSql("drop index role_external_id_unique");
    this.addSql(`create index role_external_id on role (organization_id, external_id)
      where deleted_at is null and external_id is not null`);
  }
}
