import { Migration } from "@mikro-orm/migrations";

/**
 * What the last run of the checks has shown, one run an organization: another process may be asked for it than the one
 * that plays it. What is played leaves nothing here (docs/decisions/0020).
 */
export class SelfCheck extends Migration {
  override up(): void {
    this.addSql(`create table self_check (
      organization_id uuid primary key references organization (id), id uuid not null,
      provider text not null check (provider in ('okta', 'entra')), started_by text not null,
      started_at timestamptz not null, ended_at timestamptz, problem text)`);
    this.addSql(`create table self_check_step (
      organization_id uuid not null references organization (id), check_id uuid not null, position integer not null,
      part text not null, name text not null, outcome text not null check (outcome in ('passed', 'noted', 'failed')),
      detail text not null, meaning text, duration_ms integer not null, exchanges jsonb not null,
      primary key (organization_id, check_id, position))`);
  }

  override down(): void {
    this.addSql("drop table self_check_step");
    this.addSql("drop table self_check");
  }
}
