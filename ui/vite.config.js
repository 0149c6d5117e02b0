// The same sources and lock file make the same bytes: names without hashes, no source maps.
export default {
  base: "./",
  build: {
    outDir: process.env.STUDIO_OUT ?? "../plugins/prodml/ui/static",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: "src/main.tsx",
      output: {
        entryFileNames: "studio.js",
        chunkFileNames: "[name].js",
        assetFileNames: "studio[extname]",
      },
    },
  },
};
