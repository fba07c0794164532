import { Migration } from "@mikro-orm/migrations";

/**
 * When the provider last dealt with each person, beside the hot rows of `member`. Whom it manages already counts as seen
 * now: nobody is reported before having been watched for as long as the report says.
 */
export class Health extends Migration {
  override up(): void {
    this.addSql(`create table member_sighting (
      organization_id uuid not null, member_id uuid not null, at timestamptz not null,
      primary key (organization_id, member_id))`);
    this.addSql(`insert into member_sighting (organization_id, member_id, at)
      select organization_id, id, now() from member where is_managed and not is_deleted`);
  }

  override down(): void {
    this.addSql("drop table member_sighting");
  }
}
