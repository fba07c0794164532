import { Migration } from "@mikro-orm/migrations";

/**
 * What people meet: second factors, links in mails, invitations, single sign-on, domains under proof and the lock's
 * exemptions. What belongs to an account and not to an organization is global, as the account is (docs/decisions/0002).
 */
export class Accounts extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }

  override down(): void {
    throw new Error("The accounts have no way back: restore a backup instead.");
  }
}

const accounts = [
  `alter table account add column totp_secret text, add column totp_confirmed_at timestamptz,
    add column totp_last_step bigint, add column password_changed_at timestamptz`,
  `create table recovery_code (
    account_id uuid not null references account (id), code_hash bytea not null, used_at timestamptz,
    primary key (account_id, code_hash))`,
  `create table email_challenge (
    account_id uuid not null references account (id), id uuid not null, email text not null, email_key text not null,
    secret_hash bytea not null, created_at timestamptz not null, expires_at timestamptz not null, ended_at timestamptz,
    primary key (account_id, id))`,
  `create table password_reset (
    account_id uuid not null references account (id), id uuid not null, secret_hash bytea not null,
    created_at timestamptz not null, expires_at timestamptz not null, ended_at timestamptz,
    primary key (account_id, id))`,
  `alter table session add column method text not null default 'password'
    check (method in ('password', 'sso', 'invitation'))`,
  `create table mail (
    id uuid primary key, recipient text not null, subject text not null, body text,
    created_at timestamptz not null, next_try_at timestamptz not null, tries integer not null,
    sent_at timestamptz, failed_at timestamptz, problem text)`,
  `create index mail_waiting on mail (next_try_at) where sent_at is null and failed_at is null`,
];

const organizations = [
  `create table invitation (
    organization_id uuid not null references organization (id), id uuid not null,
    email text not null, email_key text not null collate "C", role_ids uuid[] not null, secret_hash bytea not null,
    invited_by uuid, invited_by_name text not null, created_at timestamptz not null, sent_at timestamptz not null,
    expires_at timestamptz not null, ended_at timestamptz,
    end_reason text check (end_reason in ('accepted', 'revoked', 'provisioned')),
    primary key (organization_id, id))`,
  `create unique index invitation_open_unique on invitation (organization_id, email_key) where ended_at is null`,
  `create table lock_exemption (
    organization_id uuid not null, member_id uuid not null, created_by text not null, created_at timestamptz not null,
    primary key (organization_id, member_id),
    foreign key (organization_id, member_id) references member (organization_id, id))`,
  `create table sso_connection (
    organization_id uuid primary key references organization (id), entity_id text not null, sign_in_url text not null,
    certificates text[] not null, metadata_url text, is_required boolean not null,
    created_at timestamptz not null, updated_at timestamptz not null, tested_at timestamptz)`,
  `create table sso_exemption (
    organization_id uuid not null, member_id uuid not null, created_by text not null, created_at timestamptz not null,
    primary key (organization_id, member_id),
    foreign key (organization_id, member_id) references member (organization_id, id))`,
  `create table sso_request (
    organization_id uuid not null references organization (id), id text not null, is_test boolean not null,
    next_path text, created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz, report jsonb,
    primary key (organization_id, id))`,
  `create table sso_assertion (
    organization_id uuid not null references organization (id), id text not null, expires_at timestamptz not null,
    primary key (organization_id, id))`,
  `create table domain_claim (
    organization_id uuid not null references organization (id), domain text not null, proof text not null,
    created_by text not null, created_at timestamptz not null, checked_at timestamptz, problem text,
    primary key (organization_id, domain))`,
  `alter table verified_domain add column checked_at timestamptz, add column failing_since timestamptz,
    add column problem text`,
  `alter table provisioning add column only_directory_removes boolean not null default false`,
  `alter table change drop constraint change_subject_kind_check,
    add constraint change_subject_kind_check check (subject_kind in
      ('organization', 'provisioning', 'token', 'domain', 'member', 'role', 'invitation', 'sso'))`,
];

const statements = [...accounts, ...organizations];
