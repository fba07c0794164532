-- Made by `pnpm migration people-job`.

create table "people_job" ("organization_id" uuid not null, "choice" text not null, "step" text not null, "after_id" uuid not null, "people" int not null, "done" int not null, "mappings" int not null, "actor_kind" text not null, "actor_id" uuid null, "actor_name" text not null, "request_id" text null, "started_at" timestamptz not null, "due_at" timestamptz not null, "tries" int not null, "ended_at" timestamptz null, primary key ("organization_id"));
create index "people_job_due" on "people_job" ("organization_id", "due_at") where ended_at is null;

alter table "people_job" add constraint "people_job_organization_id_foreign" foreign key ("organization_id") references "provisioning" ("organization_id");
alter table "people_job" add constraint "people_job_choice_check" check ("choice" in ('release', 'keepLocked', 'remove'));
alter table "people_job" add constraint "people_job_step_check" check ("step" in ('people', 'mappings'));
alter table "people_job" add constraint "people_job_actor_kind_check" check ("actor_kind" in ('token', 'person', 'operator', 'system'));
alter table "people_job" enable row level security;
create policy "tenant" on "people_job" using (((( SELECT CURRENT_USER AS "current_user") <> 'rollcall_tenant'::name) OR (organization_id = ( SELECT (current_setting('rollcall.organization_id'::text, true))::uuid AS current_setting))));
