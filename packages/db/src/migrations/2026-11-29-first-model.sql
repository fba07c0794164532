-- Made by `pnpm migration first-model`.

create table "account" ("id" uuid not null, "email" text null, "email_key" text null, "former_email" text null, "address_proven_at" timestamptz null, "name" text not null, "password_hash" text null, "password_changed_at" timestamptz null, "totp_secret" text null, "totp_confirmed_at" timestamptz null, "totp_last_step" bigint null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));
alter table "account" add constraint "account_email_unique" unique ("email_key");

create table "change" ("organization_id" uuid not null, "id" uuid not null, "at" timestamptz not null, "request_id" text null, "actor_kind" text not null, "actor_id" uuid null, "actor_name" text not null, "subject_kind" text not null, "subject_id" uuid null, "subject_name" text not null, "kind" text not null, "before" jsonb null, "after" jsonb null, "refusal" text null, primary key ("organization_id", "id"));
create index "change_loss" on "change" ("organization_id", "at") where kind in ('member.deactivated', 'member.deleted', 'member.role_revoked') and actor_kind = 'token';
create index "change_refused" on "change" ("organization_id", "id") where refusal is not null;
create index "change_stranger" on "change" (organization_id, lower(subject_name) collate "C", id) where subject_id is null and subject_kind = 'member';
create index "change_subject" on "change" ("organization_id", "subject_id", "id");
create index "change_switch" on "change" ("organization_id", "id") where kind in ('provisioning.enabled', 'provisioning.disabled', 'provisioning.people_released');

create table "email_challenge" ("account_id" uuid not null, "id" uuid not null, "email" text not null, "email_key" text not null, "secret_hash" bytea not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, "is_undo" boolean not null, primary key ("account_id", "id"));
create index "email_challenge_to" on "email_challenge" ("email_key");

create table "known_browser" ("account_id" uuid not null, "browser_hash" bytea not null, "first_seen_at" timestamptz not null, "last_seen_at" timestamptz not null, primary key ("account_id", "browser_hash"));

create table "mail" ("id" uuid not null, "kind" text not null, "recipient" text not null, "recipient_key" text not null, "organization_id" uuid null, "cause_id" uuid null, "collected" int not null, "subject" text not null, "body" text null, "created_at" timestamptz not null, "next_try_at" timestamptz not null, "tries" int not null, "sent_at" timestamptz null, "failed_at" timestamptz null, "problem" text null, primary key ("id"));
create index "mail_by_cause" on "mail" ("cause_id", "kind", "created_at") where cause_id is not null;
create index "mail_by_organization" on "mail" ("organization_id", "kind", "created_at") where organization_id is not null;
create index "mail_by_recipient" on "mail" ("recipient_key", "kind", "created_at");
create index "mail_waiting" on "mail" ("next_try_at") where sent_at is null and failed_at is null;

create table "member_sighting" ("organization_id" uuid not null, "member_id" uuid not null, "at" timestamptz not null, primary key ("organization_id", "member_id"));

create table "organization" ("id" uuid not null, "name" text not null, "created_at" timestamptz not null, primary key ("id"));

create table "member" ("organization_id" uuid not null, "id" uuid not null, "account_id" uuid null, "user_name" text not null, "user_name_key" text collate "C" not null, "external_id" text collate "C" null, "last_external_id" text null, "given_name" text null, "given_name_key" text collate "C" null, "family_name" text null, "family_name_key" text collate "C" null, "display_name" text null, "display_name_key" text collate "C" null, "name" text not null, "name_key" text collate "C" not null, "active" boolean not null, "is_managed" boolean not null, "awaits_acceptance" boolean not null, "accepted_at" timestamptz null, "invite_at" timestamptz null, "version" int not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "deleted_at" timestamptz null, "is_deleted" boolean generated always as (deleted_at is not null) stored not null, primary key ("organization_id", "id"));
create index "member_account" on "member" ("account_id");
create index "member_awaiting" on "member" ("user_name_key") where awaits_acceptance and not is_deleted;
create index "member_deleted" on "member" ("organization_id", "user_name_key") where is_deleted;
create index "member_to_invite" on "member" ("organization_id", "invite_at") where invite_at is not null;
create unique index "member_account_unique" on "member" ("organization_id", "account_id") where not is_deleted;
create unique index "member_external_id_unique" on "member" ("organization_id", "external_id") where not is_deleted and external_id is not null;
create unique index "member_user_name_unique" on "member" ("organization_id", "user_name_key") where not is_deleted;

create table "exemption" ("organization_id" uuid not null, "member_id" uuid not null, "kind" text not null, "created_by" text not null, "created_at" timestamptz not null, primary key ("organization_id", "member_id", "kind"));

create table "invitation" ("organization_id" uuid not null, "id" uuid not null, "email" text not null, "email_key" text collate "C" not null, "role_ids" uuid[] not null, "secret_hash" bytea not null, "invited_by" uuid null, "invited_by_name" text not null, "created_at" timestamptz not null, "sent_at" timestamptz not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, "end_reason" text null, primary key ("organization_id", "id"));
create index "invitation_email" on "invitation" ("organization_id", "email_key", "id");
create index "invitation_to" on "invitation" ("email_key");
create unique index "invitation_open_unique" on "invitation" ("organization_id", "email_key") where ended_at is null;

create table "domain_claim" ("organization_id" uuid not null, "domain" text not null, "proof" text not null, "created_by" text not null, "created_at" timestamptz not null, "checked_at" timestamptz null, "problem" text null, primary key ("organization_id", "domain"));

create table "password_reset" ("account_id" uuid not null, "id" uuid not null, "secret_hash" bytea not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, primary key ("account_id", "id"));

create table "recovery_code" ("account_id" uuid not null, "code_hash" bytea not null, "used_at" timestamptz null, primary key ("account_id", "code_hash"));

create table "role" ("organization_id" uuid not null, "id" uuid not null, "name" text not null, "name_key" text collate "C" not null, "kind" text not null, "is_scim_created" boolean not null, "is_linked" boolean not null, "external_id" text collate "C" null, "permissions" text[] not null, "version" int not null default 1, "created_at" timestamptz not null, "updated_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("organization_id", "id"));
create index "role_name" on "role" ("organization_id", "name_key") where deleted_at is null;
create unique index "role_external_id_unique" on "role" ("organization_id", "external_id") where deleted_at is null and external_id is not null;
create unique index "role_name_unique" on "role" (organization_id, (lower(btrim(regexp_replace(regexp_replace(normalize(name_key, nfkc), '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g'), '[\s\u1680\u2028\u2029]+', ' ', 'g'))))) where deleted_at is null;

create table "provisioning" ("organization_id" uuid not null, "is_enabled" boolean not null, "default_role_id" uuid null, "is_guard_on" boolean not null, "guard_released_until" timestamptz null, "guard_counted_from" timestamptz null, "guard_latched_at" timestamptz null, "guard_holds_until" timestamptz null, "guard_mailed_at" timestamptz null, "sso_acknowledged_at" timestamptz null, "sso_acknowledged_by" text null, "enabled_at" timestamptz null, "only_directory_removes" boolean not null default false, "keeps_locks" boolean not null default false, "domains_version" int not null default 0, "updated_at" timestamptz not null, primary key ("organization_id"));
create index "provisioning_latched" on "provisioning" ("organization_id", "guard_mailed_at") where guard_latched_at is not null;

create table "guard_hold" ("organization_id" uuid not null, "id" uuid not null, "member_id" uuid not null, "kind" text not null, "role_id" uuid null, "request_id" text not null, "first_tried_at" timestamptz not null, "last_tried_at" timestamptz not null, "tries" int not null, "decision" text null, "decided_at" timestamptz null, "decided_by" text null, "applied_at" timestamptz null, "rejected_mailed_at" timestamptz null, primary key ("organization_id", "id"));
create unique index "guard_hold_unique" on "guard_hold" (organization_id, member_id, kind, role_id) nulls not distinct;

create table "group_mapping" ("organization_id" uuid not null, "group_id" uuid not null, "target_id" uuid not null, "position" int not null, "created_at" timestamptz not null, primary key ("organization_id", "group_id"));
create index "group_mapping_target" on "group_mapping" ("organization_id", "target_id");
alter table "group_mapping" add constraint "group_mapping_position_unique" unique ("organization_id", "position");

create table "role_grant" ("organization_id" uuid not null, "member_id" uuid not null, "role_id" uuid not null, "source" text not null, "created_at" timestamptz not null, primary key ("organization_id", "member_id", "role_id", "source"));
create index "role_grant_role" on "role_grant" ("organization_id", "role_id", "member_id");

create table "scim_request" ("organization_id" uuid not null, "id" uuid not null, "at" timestamptz not null, "token_id" uuid not null, "method" text not null, "path" text not null, "status" int not null, "scim_type" text null, "detail" text null, "duration_ms" int not null, "client" text null, "ip" text null, "quirks" text[] not null default '{}', "request_id" uuid null, "member_id" uuid null, "refusal" text null, "names" text[] null, "request_body" text null, "answer_body" text null, primary key ("organization_id", "id"));
create index "scim_request_figures" on "scim_request" ("organization_id", "id") include ("status", "duration_ms");
create index "scim_request_failed" on "scim_request" ("organization_id", "id") where status >= 400;
create index "scim_request_member" on "scim_request" ("organization_id", "member_id", "id") where member_id is not null;
create index "scim_request_names" on "scim_request" ("organization_id", "id") where names is not null;

create table "scim_token" ("organization_id" uuid not null, "id" uuid not null, "name" text not null, "key_id" text collate "C" not null, "secret_hash" bytea not null, "created_by" text not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "revoked_at" timestamptz null, "last_used_at" timestamptz null, "last_used_ip" text null, "last_used_client" text null, "replaces_id" uuid null, "noticed_days" int null, primary key ("organization_id", "id"));
alter table "scim_token" add constraint "scim_token_key_unique" unique ("key_id");

create table "self_check" ("organization_id" uuid not null, "id" uuid not null, "provider" text not null, "started_by" text not null, "started_at" timestamptz not null, "ended_at" timestamptz null, "problem" text null, primary key ("organization_id"));

create table "self_check_step" ("organization_id" uuid not null, "check_id" uuid not null, "position" int not null, "part" text not null, "name" text not null, "outcome" text not null, "detail" text not null, "meaning" text null, "duration_ms" int not null, "exchanges" jsonb not null, primary key ("organization_id", "check_id", "position"));

create table "session" ("organization_id" uuid not null, "id" uuid not null, "account_id" uuid not null, "secret_hash" bytea not null, "user_agent" text null, "ip" text null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, "method" text not null default 'password', "password_at" timestamptz null, "second_factor_at" timestamptz null, "sso_at" timestamptz null, "sso_entity_id" text null, "last_used_at" timestamptz not null, primary key ("organization_id", "id"));
create index "session_account" on "session" ("organization_id", "account_id") where ended_at is null;
create index "session_of_account" on "session" ("organization_id", "account_id", "id");

create table "setup" ("organization_id" uuid not null, "provider" text not null, "started_at" timestamptz not null, "started_by" text not null, "finished_at" timestamptz null, "finished_by" text null, primary key ("organization_id"));

create table "sign_in_attempt" ("key" varchar(255) not null, "points" int not null default 0, "expire" bigint null, primary key ("key"));

create table "sso_assertion" ("organization_id" uuid not null, "id" text not null, "expires_at" timestamptz not null, primary key ("organization_id", "id"));

create table "sso_connection" ("organization_id" uuid not null, "entity_id" text not null, "sign_in_url" text not null, "certificates" text[] not null, "metadata_url" text null, "is_required" boolean not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "tested_at" timestamptz null, primary key ("organization_id"));

create table "sso_request" ("organization_id" uuid not null, "id" text not null, "is_test" boolean not null, "next_path" text null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, "report" jsonb null, "browser_hash" bytea null, "is_restart" boolean not null, "former_organization_id" uuid null, "former_session_id" uuid null, primary key ("organization_id", "id"));

create table "verified_domain" ("organization_id" uuid not null, "domain" text not null, "domain_key" text not null, "verified_at" timestamptz not null, "verified_by" text not null, "checked_at" timestamptz null, "failing_since" timestamptz null, "problem" text null, primary key ("organization_id", "domain"));
create index "verified_domain_key" on "verified_domain" ("domain_key");
alter table "verified_domain" add constraint "verified_domain_unique" unique ("domain");

alter table "account" add constraint "account_email_whole" check ((email is null) = (email_key is null));

alter table "change" add constraint "change_actor_kind_check" check ("actor_kind" in ('token', 'person', 'operator', 'system'));
alter table "change" add constraint "change_subject_kind_check" check ("subject_kind" in ('organization', 'provisioning', 'token', 'domain', 'member', 'role', 'invitation', 'sso'));
create or replace function "change_change_append_only_fn"() returns trigger as $$ begin raise exception 'The change log is append-only.'; end; $$ language plpgsql;
create trigger "change_append_only" BEFORE UPDATE on "change" for each STATEMENT execute function "change_change_append_only_fn"();
create or replace function "change_change_kept_fn"() returns trigger as $$ begin if old.refusal is not null and old.at < now() - interval '180 days' then return old; end if; raise exception 'The change log is append-only.'; end; $$ language plpgsql;
create trigger "change_kept" BEFORE DELETE on "change" for each ROW execute function "change_change_kept_fn"();
alter table "change" enable row level security;
create policy "tenant" on "change" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "email_challenge" add constraint "email_challenge_account_id_foreign" foreign key ("account_id") references "account" ("id");

alter table "known_browser" add constraint "known_browser_account_id_foreign" foreign key ("account_id") references "account" ("id");

alter table "member_sighting" enable row level security;
create policy "tenant" on "member_sighting" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "member" add constraint "member_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "member" add constraint "member_account_id_foreign" foreign key ("account_id") references "account" ("id") on delete no action;
alter table "member" add constraint "member_account_accepted" check (awaits_acceptance = (account_id is null));
alter table "member" enable row level security;
create policy "tenant" on "member" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "exemption" add constraint "exemption_organization_id_member_id_foreign" foreign key ("organization_id", "member_id") references "member" ("organization_id", "id") on update cascade;
alter table "exemption" add constraint "exemption_kind_check" check ("kind" in ('locks', 'sso'));
alter table "exemption" enable row level security;
create policy "tenant" on "exemption" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "invitation" add constraint "invitation_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "invitation" add constraint "invitation_end_reason_check" check ("end_reason" in ('accepted', 'revoked', 'provisioned'));
alter table "invitation" enable row level security;
create policy "tenant" on "invitation" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "domain_claim" add constraint "domain_claim_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "domain_claim" enable row level security;
create policy "tenant" on "domain_claim" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "password_reset" add constraint "password_reset_account_id_foreign" foreign key ("account_id") references "account" ("id");

alter table "recovery_code" add constraint "recovery_code_account_id_foreign" foreign key ("account_id") references "account" ("id");

alter table "role" add constraint "role_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "role" add constraint "role_kind_check" check ("kind" in ('owner', 'deploy_owner', 'custom'));
alter table "role" enable row level security;
create policy "tenant" on "role" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "provisioning" add constraint "provisioning_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "provisioning" add constraint "provisioning_organization_id_default_role_id_foreign" foreign key ("organization_id", "default_role_id") references "role" ("organization_id", "id") on update cascade on delete no action;
alter table "provisioning" enable row level security;
create policy "tenant" on "provisioning" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "guard_hold" add constraint "guard_hold_organization_id_foreign" foreign key ("organization_id") references "provisioning" ("organization_id");
alter table "guard_hold" add constraint "guard_hold_organization_id_member_id_foreign" foreign key ("organization_id", "member_id") references "member" ("organization_id", "id") on update cascade;
alter table "guard_hold" add constraint "guard_hold_organization_id_role_id_foreign" foreign key ("organization_id", "role_id") references "role" ("organization_id", "id") on update cascade on delete no action;
alter table "guard_hold" add constraint "guard_hold_kind_check" check ("kind" in ('member.deactivated', 'member.deleted', 'member.role_revoked'));
alter table "guard_hold" add constraint "guard_hold_decision_check" check ("decision" in ('approved', 'rejected'));
alter table "guard_hold" enable row level security;
create policy "tenant" on "guard_hold" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "group_mapping" add constraint "group_mapping_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "group_mapping" add constraint "group_mapping_organization_id_group_id_foreign" foreign key ("organization_id", "group_id") references "role" ("organization_id", "id") on update cascade;
alter table "group_mapping" add constraint "group_mapping_organization_id_target_id_foreign" foreign key ("organization_id", "target_id") references "role" ("organization_id", "id") on update cascade;
alter table "group_mapping" enable row level security;
create policy "tenant" on "group_mapping" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "role_grant" add constraint "role_grant_organization_id_member_id_foreign" foreign key ("organization_id", "member_id") references "member" ("organization_id", "id") on update cascade;
alter table "role_grant" add constraint "role_grant_organization_id_role_id_foreign" foreign key ("organization_id", "role_id") references "role" ("organization_id", "id") on update cascade;
alter table "role_grant" add constraint "role_grant_source_check" check ("source" in ('manual', 'default', 'group', 'mapping'));
alter table "role_grant" enable row level security;
create policy "tenant" on "role_grant" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "scim_request" enable row level security;
create policy "tenant" on "scim_request" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "scim_token" add constraint "scim_token_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "scim_token" add constraint "scim_token_organization_id_replaces_id_foreign" foreign key ("organization_id", "replaces_id") references "scim_token" ("organization_id", "id") on update cascade on delete no action;
alter table "scim_token" enable row level security;
create policy "tenant" on "scim_token" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "self_check" add constraint "self_check_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "self_check" add constraint "self_check_provider_check" check ("provider" in ('okta', 'entra'));
alter table "self_check" enable row level security;
create policy "tenant" on "self_check" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "self_check_step" add constraint "self_check_step_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "self_check_step" add constraint "self_check_step_outcome_check" check ("outcome" in ('passed', 'noted', 'failed'));
alter table "self_check_step" enable row level security;
create policy "tenant" on "self_check_step" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "session" add constraint "session_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "session" add constraint "session_account_id_foreign" foreign key ("account_id") references "account" ("id");
alter table "session" add constraint "session_method_check" check ("method" in ('password', 'sso', 'invitation'));
alter table "session" enable row level security;
create policy "tenant" on "session" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "setup" add constraint "setup_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "setup" add constraint "setup_provider_check" check ("provider" in ('okta', 'entra', 'other'));
alter table "setup" enable row level security;
create policy "tenant" on "setup" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "sso_assertion" add constraint "sso_assertion_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "sso_assertion" enable row level security;
create policy "tenant" on "sso_assertion" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "sso_connection" add constraint "sso_connection_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "sso_connection" enable row level security;
create policy "tenant" on "sso_connection" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "sso_request" add constraint "sso_request_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "sso_request" enable row level security;
create policy "tenant" on "sso_request" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));

alter table "verified_domain" add constraint "verified_domain_organization_id_foreign" foreign key ("organization_id") references "organization" ("id");
alter table "verified_domain" enable row level security;
create policy "tenant" on "verified_domain" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));
