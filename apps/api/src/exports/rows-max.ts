/** The most rows that one file has; where there are more it breaks off. */
export const rowsMax = 1_000_000;
