import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  // Django serves the build under /static/; `vite dev` serves its own index.html at the root.
  base: command === "build" ? "/static/" : "/",
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      // Raw HTML becomes text before rehype sees it (prose/html_as_text.ts), so its parser (48 KB) has nothing to do.
      "rehype-raw": fileURLToPath(new URL("src/prose/no_raw.ts", import.meta.url)),
    },
  },
  build: {
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["src/main.tsx", "src/offline/worker.ts"] },
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": backend,
      "/_allauth": backend,
      "/ws": { target: "ws://127.0.0.1:8000", ws: true },
    },
  },
  // Patience is for a loaded machine: no test measures time.
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
}));
