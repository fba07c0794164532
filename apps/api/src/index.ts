export { readConfig, type ApiConfig } from "./config.ts";
export { createApi, type ApiOptions } from "./create-api.ts";
export type { AppRouter } from "./router.ts";
