/** What a long list is narrowed to. Pure. */

/** Whether each of the words that somebody wrote is somewhere in what a row says; case does not count. */
export function says(words: string, ...texts: readonly (string | null | undefined)[]): boolean {
  const whole = texts.filter(Boolean).join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
