import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// `npm run dev` talks to the server named by CAIRN_URL, or to the test fixture
// when there is none.
async function api(): Promise<Plugin[]> {
  if (process.env.CAIRN_URL || process.env.VITEST) return [];
  const { fixturePlugin } = await import("./e2e/fixture/server.mjs");
  return [fixturePlugin()];
}

/** GraphiQL brings fonts inside its style sheet; the interface uses those of the machine. */
function withoutFonts(): Plugin {
  return {
    name: "cairn-without-fonts",
    enforce: "pre",
    transform(code, id) {
      if (/graphiql.*style\.css/.test(id))
        return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ""), map: null };
    },
  };
}

export default defineConfig(async ({ command }) => ({
  plugins: [withoutFonts(), react(), ...(command === "serve" ? await api() : [])],
  resolve: {
    alias: { "framer-motion": fileURLToPath(new URL("./src/pages/query/reorder.tsx", import.meta.url)) },
  },
  server: {
    proxy: process.env.CAIRN_URL
      ? { "/graphql": process.env.CAIRN_URL, "/session": process.env.CAIRN_URL }
      : undefined,
  },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
    manifest: true,
    chunkSizeWarningLimit: 1600,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 60_000, hookTimeout: 60_000 },
}));
