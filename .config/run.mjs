// Runs the gateway's command from a checkout: `node .config/run.mjs verify`. Builds first when a source has changed.
await import('./build-if-stale.mjs');
await import('../dist/main.js');
