/**
 * A row of which only the id is selected, so nothing is read. The row exists, since another one refers to it, and the viewer
 * may see it.
 */
export function reference<Row extends { id: number }>(id: number): Row {
  return { id } as Row;
}
