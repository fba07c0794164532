/**
 * One named statement a request: the token's check, the work and its record are one transaction and one round trip.
 * `$1` is the token's hash everywhere. No row at all means that the token is not known.
 */
const caller = "caller as (select organization from token where hash = $1 and expires_at > now())";
const columns =
  "p.id, p.user_name, p.given_name, p.family_name, p.display_name, p.external_id, p.active, p.created_at, p.changed_at";

/** `$2`: the userName. One row without an id when nobody has it. */
export const findByUserName = {
  name: "find_by_user_name",
  text: `with ${caller} select ${columns} from caller
    left join person p on p.organization = caller.organization and lower(p.user_name) = lower($2)`,
} as const;

/** `$2`: the id. One row without an id when there is none. */
export const findById = {
  name: "find_by_id",
  text: `with ${caller} select ${columns} from caller left join person p on p.organization = caller.organization and p.id = $2`,
} as const;

/** `$2` id, `$3` userName, `$4` given, `$5` family, `$6` displayName, `$7` externalId, `$8` active. */
export const create = {
  name: "create",
  text: `with ${caller},
    p as (insert into person (organization, id, user_name, given_name, family_name, display_name, external_id, active)
      select organization, $2, $3, $4, $5, $6, $7, $8 from caller returning *),
    granted as (insert into role_grant (organization, person, role)
      select p.organization, p.id, o.default_role from p join organization o on o.id = p.organization),
    recorded as (insert into change (organization, person, kind, after)
      select organization, id, 'created', to_jsonb(p) from p)
    select ${columns} from p`,
} as const;

/** As `create`; a null keeps what is there. No row when there is no such person. */
export const change = {
  name: "change",
  text: `with ${caller},
    p as (update person x set user_name = coalesce($3, x.user_name), given_name = coalesce($4, x.given_name),
        family_name = coalesce($5, x.family_name), display_name = coalesce($6, x.display_name),
        external_id = coalesce($7, x.external_id), active = coalesce($8, x.active), changed_at = now()
      from caller where x.organization = caller.organization and x.id = $2 returning x.*),
    recorded as (insert into change (organization, person, kind, after)
      select organization, id, 'changed', to_jsonb(p) from p)
    select ${columns} from p`,
} as const;
