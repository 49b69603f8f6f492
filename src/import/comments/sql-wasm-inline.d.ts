/** The build of sql.js that has its WebAssembly in itself, so that it can be bundled. */
declare module 'sql.js/dist/sql-wasm-inline.js' {
  export { default } from 'sql.js';
}
