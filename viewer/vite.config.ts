import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// The notice of whoever's code goes with the page goes with it, too: its licence asks for that.
function licences(...packages: string[]): Plugin {
  const text = (name: string) => readFileSync(`node_modules/${name}/LICENSE`, "utf8");
  return {
    name: "licences",
    generateBundle() {
      const source = packages.map((name) => `${name}\n\n${text(name)}`).join("\n\n");
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

// The page is served from a folder whose path nobody knows beforehand (the server's link holds a
// secret) and under a Content-Security-Policy without inline code: relative addresses, files only.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [licences("playcanvas")],
  test: { include: ["src/**/*.test.ts"] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
    reportCompressedSize: false,
  },
});
