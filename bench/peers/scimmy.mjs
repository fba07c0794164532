// The library scimmy with its express routers and one table, as its documentation shows it.
import express from "express";
import pg from "pg";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { DATABASE_URL, BENCH_PORT, BENCH_TOKEN } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query(`create table person (id uuid primary key default gen_random_uuid(), user_name text not null unique,
  body jsonb not null)`);

const shown = ({ id, body }) => ({ ...body, id });
const unknown = (id) => new SCIMMY.Types.Error(404, null, `There is no user ${id}.`);

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .egress(async ({ id, filter }) => {
    if (id) {
      const { rows } = await pool.query("select id, body from person where id = $1", [id]);
      if (rows.length === 0) throw unknown(id);
      return shown(rows[0]);
    }
    const [, userName] = /^userName eq "(.+)"$/.exec(filter?.expression ?? "") ?? [];
    const { rows } = await pool.query("select id, body from person where $1::text is null or user_name = $1", [
      userName?.toLowerCase(),
    ]);
    return rows.map(shown);
  })
  .ingress(async ({ id }, { id: _, ...body }) => {
    const values = [body.userName.toLowerCase(), body];
    const text =
      id === undefined
        ? "insert into person (user_name, body) values ($1, $2) returning id, body"
        : "update person set user_name = $1, body = $2 where id = $3 returning id, body";
    const { rows } = await pool.query(text, id === undefined ? values : [...values, id]);
    if (rows.length === 0) throw unknown(id);
    return shown(rows[0]);
  })
  .degress(async ({ id }) => void (await pool.query("delete from person where id = $1", [id])));

const app = express();
app.get("/readyz", (_, res) => res.send("ok"));
app.use(
  "/scim_v2",
  new SCIMMYRouters({
    type: "bearer",
    handler: (req) => {
      if (req.header("authorization") !== `Bearer ${BENCH_TOKEN}`) throw new Error("Wrong token");
      return "bench";
    },
  }),
);
app.listen(Number(BENCH_PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
