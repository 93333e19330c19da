import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Everything built is served under /portal-assets/, except index.html, which the server serves at
 * /ui with its own headers: that keeps /ui, /oauth, /integrations and the API free on one origin.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: "/portal-assets/",
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { portal: "index.html", popup: "src/popup/popup.ts" },
      output: {
        // The pop-up's pages are rendered by the server, which knows these two by name.
        entryFileNames: ({ name }) => (name === "popup" ? "popup.js" : "[name]-[hash].js"),
        assetFileNames: ({ names }) =>
          names.includes("popup.css") ? "popup.css" : "[name]-[hash][extname]",
      },
    },
  },
});
