import { Migration } from "@mikro-orm/migrations";

/**
 * When the provider last dealt with each person, beside the hot rows of `member`. Whom it manages already counts as seen
 * now: nobody is reported before having been watched for as long as the report says.
 *
 * The request log's key carries what a chart counts, so that a day of calls is counted without their rows, which are
 * large. That works for pages that a vacuum has seen; it comes every 10,000 calls, not once a fifth of the table is new.
 */
export class Health extends Migration {
  override up(): void {
    this.addSql(`create table member_sighting (
      organization_id uuid not null, member_id uuid not null, at timestamptz not null,
      primary key (organization_id, member_id))`);
    this.addSql(`insert into member_sighting (organization_id, member_id, at)
      select organization_id, id, now() from member where is_managed and not is_deleted`);
    this.addSql(`alter table scim_request drop constraint scim_request_pkey,
      add primary key (organization_id, id) include (status, duration_ms)`);
    this.addSql(`alter table scim_request
      set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000)`);
  }

  override down(): void {
    throw new Error("Sightings have no way back: restore a backup instead.");
  }
}
