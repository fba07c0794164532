/** The tables of the ceiling server: as few as do the same work. `$ORG` and `$TOKEN_HASH` (hex) are put in by the server. */
export const schema = `
create table organization (id uuid primary key, default_role uuid not null);
create table token (hash bytea primary key, organization uuid not null references organization, expires_at timestamptz not null);
create table person (
  organization uuid not null references organization,
  id uuid not null,
  user_name text not null,
  given_name text,
  family_name text,
  display_name text,
  external_id text,
  active boolean not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (organization, id)
);
create unique index person_user_name on person (organization, lower(user_name));
create table role_grant (organization uuid not null, person uuid not null, role uuid not null, primary key (organization, person, role));
create table change (
  organization uuid not null,
  id uuid not null default uuidv7(),
  person uuid not null,
  kind text not null,
  after jsonb,
  at timestamptz not null default now(),
  primary key (organization, id)
);
`;
