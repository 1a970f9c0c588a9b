import { defineConfig } from "vitest/config";

// The page is served from a folder whose path nobody knows beforehand (the server's link holds a
// secret) and under a Content-Security-Policy without inline code: relative addresses, files only.
export default defineConfig({
  base: "./",
  publicDir: false,
  test: { include: ["src/**/*.test.ts"] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
    reportCompressedSize: false,
  },
});
