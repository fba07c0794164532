import { Migration } from "@mikro-orm/migrations";

/** How far the owners are with the wizard: only what cannot be read off the rest of the data. */
export class Setup extends Migration {
  override up(): void {
    this.addSql(`create table setup (
      organization_id uuid primary key references organization (id),
      provider text not null check (provider in ('okta', 'entra', 'other')),
      started_at timestamptz not null, started_by text not null, finished_at timestamptz, finished_by text)`);
  }

  override down(): void {
    throw new Error("The wizard's progress has no way back: restore a backup instead.");
  }
}
