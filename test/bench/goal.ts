/** A line that says whether a goal was reached. */
export function goal(reached: boolean, words: string): string {
  return `${reached ? 'Reached' : 'MISSED'}: ${words}`;
}
