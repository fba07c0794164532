import { Migration } from "@mikro-orm/migrations";

/**
 * The first model. `organization_id` leads every key and index of tenant data; the three doors where the tenant is not
 * known yet (an account's e-mail, a token's key id, a domain) are the only global ones (docs/decisions/0002).
 */
export class FirstModel extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }

  override down(): void {
    throw new Error("The first model has no way back: restore a backup instead.");
  }
}

const people = [
  `create table organization (
    id uuid primary key, name text not null, created_at timestamptz not null)`,
  `create table account (
    id uuid primary key, email text not null, email_key text not null, name text not null, password_hash text,
    created_at timestamptz not null, updated_at timestamptz not null,
    constraint account_email_unique unique (email_key))`,
  `create table member (
    organization_id uuid not null references organization (id), id uuid not null,
    account_id uuid not null references account (id),
    user_name text not null, user_name_key text not null collate "C", external_id text collate "C",
    given_name text, given_name_key text collate "C", family_name text, family_name_key text collate "C",
    display_name text, display_name_key text collate "C", name text not null, name_key text not null collate "C",
    active boolean not null, is_managed boolean not null, awaits_acceptance boolean not null,
    version integer not null, created_at timestamptz not null, updated_at timestamptz not null, deleted_at timestamptz,
    is_deleted boolean not null generated always as (deleted_at is not null) stored,
    primary key (organization_id, id))`,
  `create unique index member_user_name_unique on member (organization_id, user_name_key) where not is_deleted`,
  `create unique index member_account_unique on member (organization_id, account_id) where not is_deleted`,
  `create unique index member_external_id_unique on member (organization_id, external_id)
    where not is_deleted and external_id is not null`,
  `create index member_deleted on member (organization_id, user_name_key) where is_deleted`,
  `create index member_account on member (account_id)`,
  `create table session (
    organization_id uuid not null references organization (id), id uuid not null,
    account_id uuid not null references account (id), secret_hash bytea not null, user_agent text, ip text,
    created_at timestamptz not null, expires_at timestamptz not null, ended_at timestamptz,
    primary key (organization_id, id))`,
  `create index session_account on session (organization_id, account_id) where ended_at is null`,
];

const roles = [
  `create table role (
    organization_id uuid not null references organization (id), id uuid not null,
    name text not null, name_key text not null collate "C",
    kind text not null check (kind in ('owner', 'deploy_owner', 'custom')),
    is_scim_created boolean not null, is_linked boolean not null, external_id text collate "C", permissions text[] not null,
    created_at timestamptz not null, updated_at timestamptz not null, deleted_at timestamptz,
    primary key (organization_id, id))`,
  `create unique index role_name_unique on role (organization_id, name_key) where deleted_at is null`,
  `create table role_grant (
    organization_id uuid not null, member_id uuid not null, role_id uuid not null,
    source text not null check (source in ('manual', 'default', 'group')), created_at timestamptz not null,
    primary key (organization_id, member_id, role_id, source),
    foreign key (organization_id, member_id) references member (organization_id, id),
    foreign key (organization_id, role_id) references role (organization_id, id))`,
  `create index role_grant_role on role_grant (organization_id, role_id, member_id)`,
  `create table provisioning (
    organization_id uuid primary key references organization (id), is_enabled boolean not null, default_role_id uuid,
    is_guard_on boolean not null, guard_released_until timestamptz,
    sso_acknowledged_at timestamptz, sso_acknowledged_by text, enabled_at timestamptz, updated_at timestamptz not null,
    foreign key (organization_id, default_role_id) references role (organization_id, id))`,
  `create table verified_domain (
    organization_id uuid not null references organization (id), domain text not null,
    verified_at timestamptz not null, verified_by text not null,
    primary key (organization_id, domain), constraint verified_domain_unique unique (domain))`,
];

const records = [
  `create table scim_token (
    organization_id uuid not null references organization (id), id uuid not null, name text not null,
    key_id text not null collate "C", secret_hash bytea not null, created_by text not null, created_at timestamptz not null,
    expires_at timestamptz not null, revoked_at timestamptz,
    last_used_at timestamptz, last_used_ip text, last_used_client text,
    primary key (organization_id, id), constraint scim_token_key_unique unique (key_id))`,
  `create table scim_request (
    organization_id uuid not null, id uuid not null, at timestamptz not null, token_id uuid not null,
    method text not null, path text not null, status integer not null, scim_type text, detail text,
    duration_ms integer not null, client text, ip text,
    primary key (organization_id, id))`,
  `create index scim_request_failed on scim_request (organization_id, id) where status >= 400`,
  `create table change (
    organization_id uuid not null, id uuid not null, at timestamptz not null, request_id text,
    actor_kind text not null check (actor_kind in ('token', 'person', 'operator', 'system')), actor_id uuid,
    actor_name text not null,
    subject_kind text not null
      check (subject_kind in ('organization', 'provisioning', 'token', 'domain', 'member', 'role')),
    subject_id uuid, subject_name text not null, kind text not null, before jsonb, after jsonb, refusal text,
    primary key (organization_id, id))`,
  `create index change_subject on change (organization_id, subject_id, id)`,
  `create index change_loss on change (organization_id, at)
    where kind in ('member.deactivated', 'member.deleted', 'member.role_revoked') and actor_kind = 'token'`,
  `create function refuse_change_rewrite() returns trigger language plpgsql as $$
    begin raise exception 'The change log is append-only.'; end $$`,
  `create trigger change_append_only before update or delete or truncate on change
    for each statement execute function refuse_change_rewrite()`,
];

const statements = [...people, ...roles, ...records];
