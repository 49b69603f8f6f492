/** Milliseconds of renderings until the event loop serves others. */
const LONGEST_SLICE = 5;

let sliceStart = 0;
let nextSlice: Promise<void> | null = null;

/** Resolves at once, or when the event loop has served others if renderings have taken it for long. */
export async function waitForSlice(): Promise<void> {
  while (performance.now() - sliceStart >= LONGEST_SLICE) {
    nextSlice ??= new Promise((resolve) => {
      setImmediate(() => {
        sliceStart = performance.now();
        nextSlice = null;
        resolve();
      });
    });
    await nextSlice;
  }
}
