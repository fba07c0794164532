-- What MikroORM cannot say of the first model.

-- `information_schema`, by which schemas are compared, does not know triggers for TRUNCATE.
create trigger "change_kept_whole" before truncate on "change" for each statement execute function "change_change_append_only_fn"();

-- The index of figures answers alone only for pages that a vacuum has seen: it comes every 10,000 requests.
alter table "scim_request" set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000);
