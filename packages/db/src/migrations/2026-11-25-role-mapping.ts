import { Migration } from "@mikro-orm/migrations";

/** Which group of the directory gives which role of ours, in the owners' order; and grants that come from it. */
export class RoleMapping extends Migration {
  override up(): void {
    this.addSql(`create table group_mapping (
      organization_id uuid not null references organization (id), group_id uuid not null, target_id uuid not null,
      position integer not null, created_at timestamptz not null,
      primary key (organization_id, group_id),
      constraint group_mapping_position_unique unique (organization_id, position),
      foreign key (organization_id, group_id) references role (organization_id, id),
      foreign key (organization_id, target_id) references role (organization_id, id))`);
    this.addSql(`create index group_mapping_target on group_mapping (organization_id, target_id)`);
    this.addSql(`alter table role_grant drop constraint role_grant_source_check, add constraint role_grant_source_check
      check (source in ('manual', 'default', 'group', 'mapping'))`);
  }

  override down(): void {
    throw new Error("Grants that come from mappings have no way back: restore a backup instead.");
  }
}
