import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The server sends these files with a policy that allows no inline script, style or data-URI font. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
