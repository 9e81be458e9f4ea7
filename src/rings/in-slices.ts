/** Rows between two pauses: about a millisecond of work where each row takes some microseconds. */
export const rowsInSlice = 128;

/** Does something with each row, and pauses after each slice of them. */
export function* inSlices(rows: number, work: (row: number) => void): Generator<undefined> {
  for (let row = 0; row < rows; row++) {
    work(row);
    if (row % rowsInSlice === rowsInSlice - 1) yield;
  }
}
