-- Without a transaction, so that no write waits; an attempt that was interrupted has left an invalid index.
drop index concurrently if exists "member_inactive";
create index concurrently "member_inactive" on "member" ("organization_id", "id") where is_managed and not active and not is_deleted;
