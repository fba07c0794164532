-- Without a transaction, so that no write waits; an attempt that was interrupted has left an invalid index.
drop index concurrently if exists "member_name";
create index concurrently "member_name" on "member" ("organization_id", "name_key", "id") where not is_deleted;
