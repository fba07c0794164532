import { Migration } from "@mikro-orm/migrations";

/** What the request viewer shows of a call: its bodies as redacted, whom it was about, and the rule that refused it. */
export class Requests extends Migration {
  override up(): void {
    this
      .addSql(`alter table scim_request add column request_id uuid, add column member_id uuid, add column refusal text,
      add column request_body text, add column answer_body text`);
    this.addSql(`create index scim_request_member on scim_request (organization_id, member_id, id)
      where member_id is not null`);
  }

  override down(): void {
    throw new Error("The bodies have no way back: restore a backup instead.");
  }
}
