import { Migration } from "@mikro-orm/migrations";

/** What the whole of SCIM needs: a version of a role for its ETag, and which habits of a provider a call showed. */
export class ScimWhole extends Migration {
  override up(): void {
    this.addSql(`alter table role add column version integer not null default 1`);
    this.addSql(`alter table scim_request add column quirks text[] not null default '{}'`);
  }

  override down(): void {
    throw new Error("The versions of roles have no way back: restore a backup instead.");
  }
}
