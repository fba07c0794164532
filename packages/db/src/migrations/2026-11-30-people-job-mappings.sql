-- Made by `pnpm migration people-job-mappings`.

alter table "people_job" drop constraint "people_job_pkey";
alter table "people_job" drop constraint "people_job_choice_check";
alter table "people_job" add primary key ("organization_id", "choice");
alter table "people_job" add constraint "people_job_choice_check" check ("choice" in ('release', 'keepLocked', 'remove', 'applyMappings'));
