import { build, defaultClientConditions } from 'vite'

const folder = import.meta.dirname

// The page runs under `default-src 'none'`, so nothing may be inlined and nothing may come from elsewhere.
await build({
  root: folder,
  configFile: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['@spanledger/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    cssTarget: 'chrome123',
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' },
    },
  },
})
