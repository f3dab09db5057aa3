import { defineConfig, loadEnv } from "vite";

// `npm run dev` serves the pages itself and hands /api on to a Surefoot server running here.
const server = loadEnv("", ".", "SUREFOOT_")["SUREFOOT_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false },
  server: { proxy: { "/api": { target: server, ws: true } } },
});
