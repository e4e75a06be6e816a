/** The colour of numbers that should not be there: over 4.5:1 on the ground of each theme. */
export const ALARM = "light-dark(#c92a2a, #ff8787)";
/** And of what stands still. */
export const STILL = "light-dark(#b33a0b, #ffa94d)";
