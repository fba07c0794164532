import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = `http://127.0.0.1:${process.env["API_PORT"] ?? "4000"}`;
const proxied = ["/trpc", "/compare", "/export", "/live", "/sso"];

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: Object.fromEntries(proxied.map((path) => [path, api])) },
  build: {
    target: "es2023",
    // The content security policy forbids inline scripts and data: URLs; files are few and small anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Our own packages are pure: what the console does not use of them (SCIM itself) stays out of its bundle.
      treeshake: { moduleSideEffects: [{ test: /\/packages\/[^/]+\/src\//, sideEffects: false }] },
    },
  },
});
