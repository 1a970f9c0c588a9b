import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
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

// What goes with the pages to read, which the program writes and which know it by these names.
function forReading(): Plugin {
  return {
    name: "for-reading",
    generateBundle() {
      for (const fileName of ["read.css", "read.js"]) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(`src/${fileName}`, "utf8") });
      }
    },
  };
}

// The policy that the server sends, also where another server sends none; only frame-ancestors has no
// meaning within a page.
const policy = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; " +
  "img-src 'self' blob: data:; media-src 'self'; connect-src 'self' blob:; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'";

function policyInPage(): Plugin {
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: () => [{
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policy },
      injectTo: "head-prepend",
    }],
  };
}

// The engine's worker sorts by depth in steps, 1024 of them for few splats: some centimetres each in a
// room. It may always have as many as it takes for a large room, so that near ones are told apart.
function fineOrder(): Plugin {
  const steps = "Math.max(10, Math.min(20, Math.round(Math.log2(numVertices / 4))))";
  return {
    name: "fine-order",
    transform(code, id) {
      if (!id.endsWith("/gsplat-unified-sort-worker.js")) return null;
      if (code.split(steps).length !== 2) this.error("the engine's sorting is not the one expected here");
      return { code: code.replace(steps, "20"), map: null };
    },
  };
}

// Beside each file of the page: it, compressed, for servers that send that to browsers that take it.
function compressed(): Plugin {
  const worthIt_bytes = 512;
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        const plain = readFileSync(join(dir!, name));
        if (plain.length < worthIt_bytes) continue;
        writeFileSync(join(dir!, `${name}.br`), brotliCompressSync(plain));
        writeFileSync(join(dir!, `${name}.gz`), gzipSync(plain, { level: 9 }));
      }
    },
  };
}

// The page is served from a folder whose path nobody knows beforehand (the server's link holds a
// secret) and under a Content-Security-Policy without inline code: relative addresses, files only.
// The keeper's page (`--mode edit`) is built after the visitor's, beside it and apart from it: a site has
// none of it, and a visitor's browser loads nothing that is there for its sake.
export default defineConfig(({ mode }) => ({
  base: "./",
  publicDir: false as const,
  plugins: [fineOrder(), policyInPage(), compressed(),
    ...(mode === "edit" ? [] : [licences("playcanvas"), forReading()])],
  test: { include: ["src/**/*.test.ts"] },
  build: {
    target: "es2022",
    ...(mode === "edit"
      ? { rollupOptions: { input: "edit.html" }, assetsDir: "assets/edit", emptyOutDir: false } : {}),
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
    reportCompressedSize: false,
  },
}));
