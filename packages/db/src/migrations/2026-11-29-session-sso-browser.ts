import { Migration } from "@mikro-orm/migrations";

/** Which browser a request to an identity provider was made for. Requests that are open have none and are not answered. */
export class SsoBrowser extends Migration {
  override up(): void {
    this
      .addSql(`alter table sso_request add column browser_hash bytea, add column is_restart boolean not null default false,
      add column former_organization_id uuid, add column former_session_id uuid`);
    this.addSql("alter table sso_request alter column is_restart drop default");
  }

  override down(): void {
    throw new Error("The browsers of requests have no way back: restore a backup instead.");
  }
}
