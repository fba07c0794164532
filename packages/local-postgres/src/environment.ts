/** Our environment without libpq's and PostgreSQL's variables, which would change how the server runs, and in English. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG") && !name.startsWith("LC_"));
  return { ...Object.fromEntries(kept), LC_ALL: "C", LANG: "C" };
}
